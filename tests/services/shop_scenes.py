"""A small clothes shop for the services' tests: files small enough to hold in mind."""

from datetime import timedelta
from pathlib import Path

from services_scenes import School, on_weekdays

from services.vouchers import SqlVouchers
from store.records_load import load_records, read_records
from store.shop_sources import SqlShop

FILES = {
    "contacts": """
- id: ct_rina
  aliases: [{kind: phone, value: "+6281200001001"}]
  email: rina@example.com
  full_name: Rina
  addresses:
    - {label: kantor, recipient: Rina, phone: "+6281200001001", full_address: Jl. Melati 1, city: Bandung}
    - {label: rumah, recipient: Rina, phone: "+6281200001001", full_address: Jl. Mawar 2, city: Jakarta, default: true}
- {id: ct_maya, aliases: [{kind: phone, value: "+6281200001003"}], full_name: Maya}
- {id: ct_vina, aliases: [{kind: phone, value: "+6281200001005"}], full_name: Vina, vip: true}
""",
    "products": """
- id: pr_kaos
  name: Kaos Lurik
  category: kaos
  description: Kaos katun adem untuk sehari-hari.
  material: katun combed 24s
  weight_grams: 250
  tags: [santai, pria]
  variants:
    - {sku: KL-M-HITAM, size: M, colour: hitam, price: 120000, stock: 5}
    - {sku: KL-L-HITAM, size: L, colour: hitam, price: 120000, stock: 1}
    - {sku: KL-L-NAVY, size: L, colour: biru navy, price: 125000, stock: 0}
- id: pr_kemeja
  name: Kemeja Linen
  category: kemeja
  description: Kemeja kerja lengan panjang.
  material: linen
  weight_grams: 400
  tags: [kerja]
  variants:
    - {sku: KM-M, size: M, colour: putih, price: 259000, stock: 10}
    - {sku: KM-L, size: L, colour: putih, price: 259000, stock: 10}
- id: pr_jaket
  name: Jaket Batik
  category: jaket
  description: Jaket batik tulis.
  weight_grams: 900
  variants: [{sku: JB-XL, size: XL, colour: cokelat, price: 950000, stock: 3}]
""",
    "shipping": """
- {courier: JNE, city: Jakarta, first_kg: 10000, next_kg: 8000, days: 1-2}
- {courier: SiCepat, city: Jakarta, first_kg: 9000, next_kg: 9000, days: 1-2}
- {courier: JNE, city: Bandung, first_kg: 12000, next_kg: 10000, days: 2-3}
""",
    "vouchers": """
- {code: HEMAT10, percent: 10, least_subtotal: 100000, most_discount: 30000, from_day_offset: -5, until_day_offset: 0,
   uses: 2}
- {code: BARU, amount: 20000, once_per_contact: true}
- {code: LEBARAN, percent: 50, from_day_offset: 30, until_day_offset: 40}
""",
    "invoices": """
- number: INV-2026-0210-001
  contact: ct_maya
  amount: 130000
  due_day_offset: 1
  status: unpaid
  payment: {state: PENDING, source: invoice}
- number: INV-2026-0205-001
  contact: ct_maya
  amount: 259000
  due_day_offset: -4
  status: paid
  payment: {state: CONFIRMED, source: provider, paid_day_offset: -5}
""",
    "orders": """
- number: ORD-2026-0002
  contact_id: ct_maya
  items: [{sku: KL-M-HITAM, name: "Kaos Lurik, M, hitam", qty: 1, unit_price: 120000}]
  subtotal: 120000
  shipping: 10000
  total: 130000
  address: {recipient: Maya, phone: "+6281200001003", full_address: Jl. Kenanga 3, city: Jakarta}
  courier: JNE
  status: pending
  invoice_number: INV-2026-0210-001
  created_day_offset: 0
- number: ORD-2026-0001
  contact_id: ct_maya
  items: [{sku: KM-M, name: "Kemeja Linen, M, putih", qty: 1, unit_price: 259000}]
  subtotal: 259000
  shipping: 20000
  discount: 20000
  total: 259000
  voucher: BARU
  courier: JNE
  tracking: JNE001
  status: delivered
  invoice_number: INV-2026-0205-001
  created_day_offset: -5
  paid_day_offset: -5
  shipped_day_offset: -4
  delivered_day_offset: -2
""",
    "staff": "- {id: sf_sinta, name: Sinta, telegram_user_id: 1, roles: [coach]}\n"
    "- {id: sf_tari, name: Tari, telegram_user_id: 2, roles: [operator]}\n",
}


def write_shop(folder: Path, **changed: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


class Shop(School):
    """An open shop with one case per contact; what is the house's of a school's is a shop's as well."""

    async def open(self, folder: Path) -> "Shop":
        self.shop, self.vouchers = SqlShop(self.database), SqlVouchers(self.database)
        records = read_records(write_shop(folder))
        now = self.clock.now()
        await self.database.submit(lambda tx: load_records(tx, records, self.reading, now, on_weekdays))
        for name in ("rina", "maya", "vina"):
            await self.commit(f"SCH-{name}", f"ct_{name}")
        return self

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)

    async def wrote(self, name: str) -> None:
        """Let somebody have a conversation, as everybody who orders by chat has."""
        await self.set(
            "INSERT INTO conversations (id, desk, account, contact_id, channel_address)"
            f" VALUES ('wa-628001-ct_{name}', 'school', '628001', 'ct_{name}', '62812')"
        )

    async def set(self, sql: str) -> None:
        """Change a record behind the services' back."""
        await self.database.submit(lambda tx: tx.execute(sql))
