"""Order: the LangGraph state machine. The only place that knows LangGraph, with store's saver."""
