"""Two import contracts that import-linter does not bring along: families, and an allow-list."""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Links = list[tuple[str, str]]


class FamiliesContract(Contract):
    """Modules of one package that share the first word of their names may import one another, others not.

    `adapters.telegram` and `adapters.telegram_parse` are one family, `adapters.whatsapp` is another.
    """

    type_name = "families"
    package = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports from one family into another."""
        package = cast(str, self.package)
        links = [
            (importer, imported)
            for importer in sorted(graph.find_descendants(package))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.startswith(f"{package}.") and _family(package, importer) != _family(package, imported)
        ]
        return ContractCheck(kept=not links, metadata={"links": links})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what was found."""
        _print(check, "is of another family than")


class AllowListContract(Contract):
    """The packages import nothing from outside the tree but what is listed."""

    type_name = "allow_list"
    packages = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports of anything outside that is not listed."""
        allowed = cast(list[str], self.allowed)
        links = [
            (importer, imported)
            for package in cast(list[str], self.packages)
            for importer in sorted({package} | graph.find_descendants(package))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if graph.is_module_squashed(imported) and imported not in allowed
        ]
        return ContractCheck(kept=not links, metadata={"links": links})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what was found."""
        _print(check, "may not import")


def _family(package: str, module: str) -> str:
    return module.removeprefix(f"{package}.").partition(".")[0].partition("_")[0]


def _print(check: ContractCheck, words: str) -> None:
    for importer, imported in cast(Links, check.metadata["links"]):
        output.print_error(f"{importer} {words} {imported}", bold=False)
