"""Search by what is meant: the same on both databases, words alone where nobody can say what something means."""

from datetime import timedelta

from services_scenes import NOW, ZONE
from shop_scenes import Shop

from policies.limits import Limits
from ports.search import Query
from ports.shop import Wanted
from services.knowledge import KnowledgeBase
from services.meaning import PORTION, TextMeaning
from services.search import DeskSearch, page_passage
from store.catalogue import everything
from store.shop_sources import SqlShop, passage_of
from store.vectors import SqlVectors
from tests.services.test_search import PAGES
from tests.support.embedder import PiecesEmbedder

NEVER = 1.0


class Meant:
    """A shop whose texts can be compared, and who embeds them."""

    def __init__(self, shop: Shop, enough: float = NEVER) -> None:
        database = shop.database
        index = database.vector_index("pieces 256", 256)
        self.embedder = PiecesEmbedder()
        self.vectors = SqlVectors(database, "pieces 256", None if isinstance(index, str) else index)
        self.meaning = TextMeaning(self.embedder, self.vectors, enough)
        self.shop = SqlShop(database, self.meaning)
        self.texts = [passage_of(one) for one in everything(database.read)]

    async def found(self, text: str, vector: tuple[float, ...] | None = None, **wanted: object) -> list[str]:
        hits = await self.shop.search(Wanted.model_validate({"text": text, **wanted}), vector)
        assert all(hit.score > 0 for hit in hits) or not text
        return [hit.product.id for hit in hits]


async def test_what_is_meant_changes_the_order_of_what_shares_a_word(shop: Shop) -> None:
    words = "batik lengan panjang kerja"
    meant = Meant(shop)
    before = await meant.found(words)
    assert meant.embedder.asked == []
    assert await meant.meaning.learn(meant.texts, NOW)
    after = await meant.found(words)
    assert set(after) == set(before) and len(before) > 1
    scores = {h.product.id: h.score for h in await meant.shop.search(Wanted(text=words))}
    alone = {h.product.id: h.score for h in await shop.shop.search(Wanted(text=words))}
    assert scores != alone


async def test_without_a_word_in_common_a_text_is_found_from_the_bound_on_only(shop: Shop) -> None:
    # Nobody mistypes a first letter, says the index of words; pieces of words care little.
    typed = "mkemeja slinen"
    strict, rescuing = Meant(shop), Meant(shop, enough=0.2)
    await strict.meaning.learn(strict.texts, NOW)
    near = await strict.meaning.near(typed, strict.texts)
    assert near is not None and [cosine >= 0.2 for cosine in near.cosines] == [False, True, False]
    assert await strict.found(typed) == []
    assert await rescuing.found(typed) == ["pr_kemeja"]


async def test_what_must_hold_of_a_product_holds_of_what_is_meant(shop: Shop) -> None:
    meant = Meant(shop, enough=-1.0)
    await meant.meaning.learn(meant.texts, NOW)
    assert await meant.found("kaos", size="XL") == ["pr_jaket"]
    assert await meant.found("kaos", colour="navy", in_stock=True) == []
    assert await meant.found("", size="XL") == ["pr_jaket"]
    assert len(await meant.found("kaos", top=2)) == 2


async def test_a_vector_finds_what_lies_nearest_and_nobody_is_asked(shop: Shop) -> None:
    meant = Meant(shop)
    (vector,) = await meant.embedder.passages(("jaket batik tulis",))
    assert await meant.found("", vector) == []
    await meant.meaning.learn(meant.texts, NOW)
    asked = len(meant.embedder.asked)
    assert (await meant.found("", vector))[0] == "pr_jaket"
    assert (await meant.found("", tuple(-x for x in vector)))[-1] == "pr_jaket"
    assert (await meant.found("", vector, in_stock=True, most_price=300_000))[0] != "pr_jaket"
    assert await meant.found("kaos", vector) == ["pr_kaos"] and len(meant.embedder.asked) == asked


async def test_words_have_to_do_while_nobody_embeds(shop: Shop) -> None:
    meant = Meant(shop, enough=-1.0)
    await meant.meaning.learn(meant.texts, NOW)
    meant.embedder.down = True
    assert await meant.shop.search(Wanted(text="kemeja")) == await shop.shop.search(Wanted(text="kemeja"))


async def test_each_text_is_embedded_once_and_again_only_when_it_changes(shop: Shop) -> None:
    meant = Meant(shop)
    assert await meant.meaning.learn(meant.texts, NOW)
    assert sorted(meant.embedder.asked) == sorted(meant.texts)
    assert await meant.meaning.learn(meant.texts, NOW + timedelta(hours=1))
    assert len(meant.embedder.asked) == len(meant.texts)
    changed = [*meant.texts[1:], "Sesuatu yang baru"]
    assert await meant.meaning.learn(changed, NOW)
    assert meant.embedder.asked[len(meant.texts) :] == ["Sesuatu yang baru"]
    assert len(meant.vectors.known()) == len(changed)


async def test_many_texts_are_embedded_a_portion_at_a_time(shop: Shop) -> None:
    meant = Meant(shop)
    many = [f"barang nomor {number}" for number in range(PORTION + 1)]
    assert not await meant.meaning.learn(many, NOW)
    assert len(meant.vectors.known()) == PORTION
    assert await meant.meaning.learn(many, NOW)
    assert meant.embedder.asked == many


async def test_pages_and_goods_are_compared_together_and_a_topic_by_the_nearer_of_its_pages(
    shop: Shop,
) -> None:
    meant = Meant(shop)
    knowledge = KnowledgeBase(shop.database, Limits(), ZONE)
    await knowledge.publish(PAGES, "sf_tari", NOW)
    search = DeskSearch(meant.shop, knowledge, dict, meant.meaning)
    alone = await DeskSearch(shop.shop, knowledge, dict).find(Query(text="linen washed"), NOW)
    assert await search.find(Query(text="linen washed"), NOW) == alone
    await meant.meaning.learn([*map(page_passage, PAGES), *meant.texts], NOW)
    found = await search.find(Query(text="linen washed"), NOW)
    # Its English page is the one that is like it; what may not be cited is found no more than before.
    assert [one.id for one in found] == ["care", "pr_kemeja"]
    assert {one.id for one in found} == {one.id for one in alone} and found != alone
    assert await search.find(Query(text="?!"), NOW) == ()


async def test_a_number_or_an_address_in_a_question_does_not_leave_the_house(shop: Shop) -> None:
    meant = Meant(shop)
    await meant.meaning.learn(meant.texts, NOW)
    await meant.found("kaos buat +6281200001001 rina@example.com")
    assert "81200001001" not in meant.embedder.asked[-1] and "rina@" not in meant.embedder.asked[-1]
    assert meant.embedder.asked[-1].startswith("kaos buat ")
