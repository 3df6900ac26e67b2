"""The agency's customers and the names they hold, by portal."""

from dataclasses import dataclass

from sandbox.names import to_ascii


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    city: str
    country: str
    contact: str
    cloudviet: tuple[str, ...] = ()
    dns_services: tuple[str, ...] = ()
    vps_org: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        return to_ascii((self.cloudviet or self.dns_services or self.vps_org)[0])

    @property
    def email(self) -> str:
        return f"office@{self.main}"


CUSTOMERS = (
    Customer(
        "Phố Việt Imports",
        "Hà Nội",
        "VN",
        "Phạm Ngọc Lan",
        ("phoviet.vn", "phoviet.com.vn", "phovietimports.com", "phovietshop.vn", "phovietwholesale.com", "phốviệt.vn"),
        vps_org=("phoviet-imports.com", "phoviet.app"),
    ),
    Customer(
        "Sông Hồng Coffee",
        "Hà Nội",
        "VN",
        "Vũ Đức Thành",
        (
            "songhongcoffee.vn",
            "songhongcoffee.com.vn",
            "songhongroastery.com",
            "caphesonghong.vn",
            "caphesonghong.com",
            "càphêsônghồng.vn",
        ),
        vps_org=("songhongcoffee.com", "songhong.app"),
    ),
    Customer(
        "An Phát Logistics",
        "Hải Phòng",
        "VN",
        "Bùi Văn An",
        (
            "anphatlogistics.vn",
            "anphatlogistics.com.vn",
            "anphatexpress.vn",
            "anphatwarehouse.com",
            "anphat-tracking.com",
            "anphatcargo.com.vn",
        ),
        vps_org=("anphatlogistics.com", "anphat.dev", "anphat-api.io"),
    ),
    Customer(
        "Hoa Sen Spa",
        "Đà Nẵng",
        "VN",
        "Nguyễn Thị Sen",
        (
            "hoasenspa.vn",
            "hoasenspa.com",
            "hoasenspa.com.vn",
            "hoasenbooking.com",
            "hoasenacademy.vn",
            "hoasengifts.vn",
        ),
        vps_org=("hoasenspa.app",),
    ),
    Customer(
        "Nha Khoa Lotus",
        "TP. Hồ Chí Minh",
        "VN",
        "BS. Trịnh Quang Huy",
        (
            "lotusdental.vn",
            "nhakhoalotus.vn",
            "nhakhoalotus.com.vn",
            "lotusdental.com.vn",
            "lotusimplant.com",
            "nhakhoalotus.com",
        ),
        vps_org=("lotusdental.app",),
    ),
    Customer(
        "Mekong Textiles",
        "Cần Thơ",
        "VN",
        "Huỳnh Thị Mai",
        (
            "mekongtextiles.com.vn",
            "mekongtextiles.vn",
            "mekongtextiles.com",
            "mekongsilk.vn",
            "mekongsilk.com",
            "mekongfabrics.com.vn",
        ),
        vps_org=("mekongtextiles.io",),
    ),
    Customer(
        "Đà Lạt Orchids",
        "Đà Lạt",
        "VN",
        "Lâm Hoài Thu",
        (
            "dalat-orchids.vn",
            "dalatorchids.com",
            "dalatorchids.com.vn",
            "landalat.vn",
            "hoalandalat.vn",
            "hoalanđàlạt.vn",
            "dalatflowers.com",
        ),
        vps_org=("dalatorchids.io",),
    ),
    Customer(
        "Saigon Build JSC",
        "TP. Hồ Chí Minh",
        "VN",
        "Đỗ Hữu Phước",
        (
            "saigonbuild.com",
            "saigonbuild.vn",
            "saigonbuild.com.vn",
            "saigonbuildjsc.vn",
            "saigonprefab.com",
            "saigonscaffold.vn",
        ),
        vps_org=("saigonbuild.app", "saigonbuild.dev"),
    ),
    Customer(
        "Trần Phú Garden",
        "Huế",
        "VN",
        "Trần Gia Bảo",
        (
            "tranphugarden.vn",
            "tranphugarden.com",
            "tranphugarden.com.vn",
            "tranphunursery.vn",
            "vuontranphu.vn",
            "vườntrầnphú.vn",
        ),
        vps_org=("tranphugarden.app",),
    ),
    Customer(
        "Nordlys Bageri",
        "Aalborg",
        "DK",
        "Karen Bruun",
        dns_services=(
            "nordlysbageri.dk",
            "nordlysbageri.com",
            "nordlysbageri.eu",
            "nordlysbrød.dk",
            "nordlysbroed.dk",
            "nordlyskager.dk",
            "nordlyssurdej.dk",
            "nordlyscatering.dk",
        ),
        vps_org=("nordlysbageri.app",),
    ),
    Customer(
        "Kystvand ApS",
        "Esbjerg",
        "DK",
        "Jens Thygesen",
        dns_services=(
            "kystvand.dk",
            "kystvand.com",
            "kystvand.eu",
            "kystvandpumper.dk",
            "kystvandservice.dk",
            "rentkystvand.dk",
            "kystvand-drift.dk",
        ),
        vps_org=("kystvand.io",),
    ),
    Customer(
        "Havneby Cykler",
        "Svendborg",
        "DK",
        "Ida Winther",
        dns_services=(
            "havnebycykler.dk",
            "havneby-cykler.com",
            "havnebycykler.com",
            "havnebycykler.eu",
            "havnebyelcykler.dk",
            "cykeludlejning-havneby.dk",
            "havnebyladcykler.dk",
            "havnebybikes.com",
        ),
        vps_org=("havnebycykler.app",),
    ),
    Customer(
        "Søndergaard Arkitekter",
        "Aarhus",
        "DK",
        "Poul Søndergaard",
        dns_services=(
            "sondergaardarkitekter.dk",
            "søndergaardarkitekter.dk",
            "sondergaardarkitekter.com",
            "sondergaard-arkitekter.eu",
            "sondergaardstudio.dk",
            "sondergaardbyg.dk",
            "søndergaard-studio.dk",
        ),
    ),
    Customer(
        "Toldbod Kaffe",
        "København",
        "DK",
        "Maja Friis",
        dns_services=(
            "toldbod.dk",
            "toldbodkaffe.dk",
            "toldbodkaffe.com",
            "toldbodkaffe.eu",
            "toldbodristeri.dk",
            "kaffepåtoldboden.dk",
            "kaffepaatoldboden.dk",
        ),
        vps_org=("toldbodkaffe.app",),
    ),
    Customer(
        "Fjordklinikken",
        "Roskilde",
        "DK",
        "Dr. Signe Dahl",
        dns_services=(
            "fjordklinikken.dk",
            "fjordklinikken.com",
            "fjordklinikken.eu",
            "fjordklinik.dk",
            "fjordtandlæge.dk",
            "fjordtandlaege.dk",
            "fjordfysio.dk",
            "fjordbooking.dk",
        ),
        vps_org=("fjordklinikken.app", "fjordbooking.io"),
    ),
)


def names_at(customer: Customer, portal: str) -> tuple[str, ...]:
    by_portal = {"cloudviet": customer.cloudviet, "dns-services": customer.dns_services, "vps-org": customer.vps_org}
    return tuple(to_ascii(name) for name in by_portal[portal])


def named(name: str) -> Customer:
    return next(customer for customer in CUSTOMERS if customer.name == name)
