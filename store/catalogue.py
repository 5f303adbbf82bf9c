"""The catalogue, row to noun and back. `Reader` is a query function: a direct read, or a transaction's own."""

import json
from collections.abc import Sequence

from casefile.shop import Product, Variant
from store.connection import Row
from store.records import Reader
from store.transaction import Tx

SELECT = (
    "SELECT products.*, variants.sku, variants.size, variants.colour, variants.price, variants.free"
    " FROM products JOIN variants ON variants.product_id = products.id"
)
ORDER = " ORDER BY products.position, products.id, variants.position, variants.sku"


def everything(read: Reader) -> tuple[Product, ...]:
    """Return the whole catalogue in its own order."""
    return _grouped(read(SELECT + ORDER, ()))


def products_of(read: Reader, skus: Sequence[str]) -> tuple[Product, ...]:
    """Return the products of these variants, in the order of `skus`, each once, unknown ones left out."""
    if not skus:
        return ()
    marks = ", ".join("?" * len(skus))
    wanted = f" WHERE products.id IN (SELECT product_id FROM variants WHERE sku IN ({marks}))"
    found = _grouped(read(SELECT + wanted + ORDER, tuple(skus)))
    place = {sku: number for number, sku in reversed(tuple(enumerate(skus)))}
    return tuple(sorted(found, key=lambda one: min(place.get(v.sku, len(skus)) for v in one.variants)))


def product(read: Reader, product_id: str) -> Product | None:
    """Return one product."""
    found = _grouped(read(SELECT + " WHERE products.id = ?" + ORDER, (product_id,)))
    return found[0] if found else None


def image_of(read: Reader, product_id: str) -> str:
    """Return the name of a product's picture; empty when it has none, or is unknown."""
    row = next(iter(read("SELECT image FROM products WHERE id = ?", (product_id,))), None)
    return str(row["image"]) if row is not None else ""


def put_variant(tx: Tx, product: Product) -> None:
    """Write one variant, with its product as it is now, after those that are there."""
    (variant,) = product.variants
    place = tx.one("SELECT COALESCE(MAX(position), 0) + 1 AS n FROM products")
    known = tx.one("SELECT position FROM variants WHERE sku = ?", (variant.sku,))
    last = tx.one(
        "SELECT COALESCE(MAX(position), 0) + 1 AS n FROM variants WHERE product_id = ?", (product.id,)
    )
    assert place is not None and last is not None
    put_product(tx, product, place["n"], known["position"] if known else last["n"])


def put_product(tx: Tx, product: Product, position: int, first: int = 0) -> None:
    """Write a product as it is now, its variants' free stock included; one that is there keeps its place."""
    tx.execute(
        "INSERT INTO products (id, position, name, category, description, description_en, material, weight_grams,"
        " image, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " category = excluded.category, description = excluded.description,"
        " description_en = excluded.description_en, material = excluded.material,"
        " weight_grams = excluded.weight_grams, image = excluded.image, tags = excluded.tags",
        (
            product.id,
            position,
            product.name,
            product.category,
            product.description,
            product.description_en,
            product.material,
            product.weight_grams,
            product.image,
            json.dumps(product.tags, ensure_ascii=False),
        ),
    )
    tx.insert_many(
        "INSERT INTO variants (sku, product_id, position, size, colour, price, free) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (sku) DO UPDATE SET product_id = excluded.product_id, position = excluded.position,"
        " size = excluded.size, colour = excluded.colour, price = excluded.price, free = excluded.free",
        [
            (v.sku, product.id, number, v.size, v.colour, v.price, v.stock)
            for number, v in enumerate(product.variants, start=first)
        ],
    )


def _grouped(rows: Sequence[Row]) -> tuple[Product, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["id"], []).append(row)
    return tuple(_product(group) for group in groups.values())


def _product(rows: Sequence[Row]) -> Product:
    first = rows[0]
    return Product(
        id=first["id"],
        name=first["name"],
        category=first["category"],
        description=first["description"],
        description_en=first["description_en"],
        material=first["material"],
        weight_grams=first["weight_grams"],
        image=first["image"],
        tags=tuple(json.loads(first["tags"])),
        variants=tuple(
            Variant(
                sku=row["sku"], size=row["size"], colour=row["colour"], price=row["price"], stock=row["free"]
            )
            for row in rows
        ),
    )
