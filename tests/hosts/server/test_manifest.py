"""The manifest keeps the rules Office checks: order of elements, lengths, ids, and that what it names is there."""

from __future__ import annotations

import struct
import zlib

import pytest
from lxml import etree

from addin import buttons
from addin.hosts.server import icons, manifest, pane
from tests.hosts.server.browser import get

pytestmark = pytest.mark.xdist_group("server")  # one server for all of them
NAMES = {"a": manifest.APP, "b": manifest.TYPES, "o": manifest.OVERRIDES}
# Children in the order of Microsoft's schema (taskpaneappversionoverrides).
ORDER = {
    "OfficeApp": ["Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description", "IconUrl",
                  "HighResolutionIconUrl", "SupportUrl", "AppDomains", "Hosts", "Requirements", "DefaultSettings",
                  "Permissions", "VersionOverrides"],
    "VersionOverrides": ["Description", "Requirements", "Hosts", "Resources", "WebApplicationInfo"],
    "Host": ["Runtimes", "AllFormFactors", "DesktopFormFactor"],
    "DesktopFormFactor": ["GetStarted", "FunctionFile", "ExtensionPoint"],
    "CustomTab": ["Group", "Label"],
    "Group": ["Label", "Icon", "Control"],
    "Control": ["Label", "ToolTip", "Supertip", "Icon", "Action", "Items"],
    "Item": ["Label", "Supertip", "Icon", "Action"],
    "Supertip": ["Title", "Description"],
    "Resources": ["Images", "Urls", "ShortStrings", "LongStrings"],
}  # fmt: skip


@pytest.fixture(scope="module")
def text(server: str) -> str:
    """As the server gives it out, without a token: Excel fetches it so."""
    return get(f"{server}/manifest").decode("utf-8")


@pytest.fixture(scope="module")
def root(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def test_elements_stand_in_the_order_of_the_schema(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name not in ORDER or (name == "Host" and element.get("Name")):
            continue
        places = [ORDER[name].index(etree.QName(child).localname) for child in element]
        assert places == sorted(places), name


def test_what_is_referred_to_is_defined_once(root: etree._Element) -> None:
    defined = root.xpath("//b:Image/@id | //b:Url/@id | //b:String/@id", namespaces=NAMES)
    assert len(set(defined)) == len(defined)
    assert set(root.xpath("//@resid")) <= set(defined)
    assert all(len(identity) <= 32 for identity in defined)


def test_texts_are_not_longer_than_office_takes(root: etree._Element) -> None:
    for kind, longest in (("ShortStrings", 125), ("LongStrings", 250)):
        texts = root.xpath(f"//b:{kind}//@DefaultValue | //b:{kind}//@Value", namespaces=NAMES)
        assert texts
        assert all(0 < len(value) <= longest for value in texts)


def test_every_button_is_there_in_both_languages(root: etree._Element) -> None:
    tab = buttons.load()
    assert root.xpath("//o:Control/@id", namespaces=NAMES) == [button.id for button in tab.buttons]
    assert root.xpath("//o:Group/@id", namespaces=NAMES) == [group.id for group in tab.groups]
    strings = {s.get("id"): s for s in root.iterfind(".//b:ShortStrings/b:String", NAMES)}
    for button in tab.buttons:
        [control] = root.xpath(f"//o:Control[@id='{button.id}']", namespaces=NAMES)
        label = strings[control.find("o:Label", NAMES).get("resid")]
        assert label.get("DefaultValue") == button.label.en
        assert {o.get("Locale"): o.get("Value") for o in label}["zh-CN"] == button.label.zh


def test_every_action_is_one_the_pane_associates(root: etree._Element) -> None:
    known = {
        f"{button['id']}.{i + 1}" if button["choices"] else button["id"]
        for group in pane.content()["groups"]
        for button in group["buttons"]
        for i in range(max(1, len(button["choices"])))
    }
    assert set(root.xpath("//o:FunctionName/text()", namespaces=NAMES)) == known


def test_pictures_are_served_in_the_size_they_name(root: etree._Element, server: str) -> None:
    wanted = root.xpath(
        "//b:Image/@DefaultValue | //a:IconUrl/@DefaultValue | //a:HighResolutionIconUrl/@DefaultValue",
        namespaces=NAMES,
    )
    assert len(wanted) == len(icons.IN_RIBBON) * len(icons.PICTURES) + 2
    for address in wanted[:: len(icons.IN_RIBBON)]:
        size = int(address[:-4].rpartition("-")[2])
        assert struct.unpack(">II", get(address)[16:24]) == (size, size)
    for image in root.iterfind(".//b:Images/b:Image", NAMES):
        assert image.get("id").rpartition(".")[2] == image.get("DefaultValue")[:-4].rpartition("-")[2]


@pytest.mark.parametrize("size", icons.SIZES)
def test_a_picture_is_a_png_with_something_on_it(size: int) -> None:
    data = icons.png("regrade", size)
    assert struct.unpack(">II", data[16:24]) == (size, size)
    start = data.index(b"IDAT") + 4
    pixels = zlib.decompress(data[start : data.index(b"IEND") - 8])
    alpha = pixels[4::4]
    assert 0 < sum(a > 200 for a in alpha) < size * size


def test_addresses_are_the_servers_own_and_nothing_is_left_to_fill_in(
    root: etree._Element, text: str, server: str
) -> None:
    assert "{{" not in text
    assert "{%" not in text
    for address in root.xpath("//@DefaultValue[contains(., '://')]"):
        assert address.startswith(f"{server}/")
