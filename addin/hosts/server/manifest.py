"""The manifest Excel reads: the tab with its buttons, the functions and the task pane, in Chinese and English.

It is a template of xlwings Server, which puts the server's address in. Made from ribbon.toml, like the ribbon of
the desktop add-in.
"""

from __future__ import annotations

from lxml import etree

from addin import buttons
from addin.buttons import Button, Tab
from addin.hosts.server import icons
from udfs.texts import Text

APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
TYPES = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
OVERRIDES = "http://schemas.microsoft.com/office/taskpaneappversionoverrides"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
CHINESE = ("zh-CN", "zh-TW", "zh-HK")
PAGE = "{{ base_url_with_app_path }}/taskpane.html"
META = "{{ base_url_with_app_path }}/xlwings/custom-functions-"
PICTURES = "{{ base_url }}{{ settings.static_url_path }}/fenji/icons/"
DESCRIPTION = Text(
    zh="给工作簿里的客户打分、分类、定级，写明理由，生成报告。",
    en="Scores, classes and grades the customers of a workbook, says why, and makes reports.",
)
LONGEST_SHORT, LONGEST_LONG = 125, 250
# What the commands call: sheets inserted from a file (1.13).
REQUIRED = (("SharedRuntime", "1.1"), ("ExcelApi", "1.13"))
# With Entra ID the manifest names the company's application.
ENTRA = """{% if "entraid" in settings.auth_providers %}
    <WebApplicationInfo>
      <Id>{{ settings.auth_entraid_client_id }}</Id>
      <Resource>api://{{ base_url_with_app_path|replace("https://", "") }}/{{ settings.auth_entraid_client_id }}</Resource>
      <Scopes><Scope>openid</Scope><Scope>profile</Scope></Scopes>
    </WebApplicationInfo>
    {% endif %}"""


def template() -> str:
    """The manifest as xlwings Server's template."""
    tab = buttons.load()
    root = etree.Element(f"{{{APP}}}OfficeApp", nsmap={None: APP, "xsi": INSTANCE, "bt": TYPES})
    root.set(f"{{{INSTANCE}}}type", "TaskPaneApp")
    _head(root, tab)
    versions = etree.SubElement(root, f"{{{OVERRIDES}}}VersionOverrides", nsmap={None: OVERRIDES})
    versions.set(f"{{{INSTANCE}}}type", "VersionOverridesV1_0")
    host = _add(_add(versions, "Hosts"), "Host", type="Workbook")
    _add(_add(host, "Runtimes"), "Runtime", resid="Pane", lifetime="long")
    _functions(host)
    desktop = _add(host, "DesktopFormFactor")
    _add(desktop, "FunctionFile", resid="Pane")
    texts = _Texts()
    _ribbon(desktop, tab, texts)
    _resources(versions, tab, texts)
    etree.indent(root)
    xml = etree.tostring(root, encoding="unicode")
    end = "</VersionOverrides>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.replace(end, ENTRA + end)}\n'


def _head(root: etree._Element, tab: Tab) -> None:
    """Who the add-in is; the order of these elements is the schema's."""

    def add(name: str, text: str) -> None:
        etree.SubElement(root, f"{{{APP}}}{name}").text = text

    add("Id", "{{ manifest_id }}")
    add("Version", "1.0.0.0")
    add("ProviderName", "fenji")
    add("DefaultLocale", "en-US")
    for name, text in (("DisplayName", tab.label), ("Description", DESCRIPTION)):
        element = etree.SubElement(root, f"{{{APP}}}{name}", DefaultValue=text.en)
        for locale in CHINESE:
            etree.SubElement(element, f"{{{APP}}}Override", Locale=locale, Value=text.zh)
    etree.SubElement(root, f"{{{APP}}}IconUrl", DefaultValue=f"{PICTURES}{icons.APP}-32.png")
    etree.SubElement(root, f"{{{APP}}}HighResolutionIconUrl", DefaultValue=f"{PICTURES}{icons.APP}-64.png")
    domains = etree.SubElement(root, f"{{{APP}}}AppDomains")
    etree.SubElement(domains, f"{{{APP}}}AppDomain").text = "{{ base_url_with_app_path }}"
    hosts = etree.SubElement(root, f"{{{APP}}}Hosts")
    etree.SubElement(hosts, f"{{{APP}}}Host", Name="Workbook")
    sets = etree.SubElement(etree.SubElement(root, f"{{{APP}}}Requirements"), f"{{{APP}}}Sets")
    for name, version in REQUIRED:
        etree.SubElement(sets, f"{{{APP}}}Set", Name=name, MinVersion=version)
    settings = etree.SubElement(root, f"{{{APP}}}DefaultSettings")
    etree.SubElement(settings, f"{{{APP}}}SourceLocation", DefaultValue=PAGE)
    add("Permissions", "ReadWriteDocument")


class _Texts:
    """The texts the manifest refers to, by id; Excel takes ids of at most 32 characters."""

    def __init__(self) -> None:
        self.short: dict[str, Text] = {}
        self.long: dict[str, Text] = {}

    def label(self, text: Text) -> str:
        """The id of a label."""
        return self._kept(self.short, "Label", text)

    def tip(self, text: Text) -> str:
        """The id of a screen tip."""
        return self._kept(self.long, "Tip", text)

    @staticmethod
    def _kept(texts: dict[str, Text], kind: str, text: Text) -> str:
        for key, known in texts.items():
            if known == text:
                return key
        key = f"{kind}.{len(texts) + 1}"
        texts[key] = text
        return key


def _functions(host: etree._Element) -> None:
    point = _add(_add(host, "AllFormFactors"), "ExtensionPoint", type="CustomFunctions")
    for name, resource in (
        ("Script", "Functions.Code"),
        ("Page", "Pane"),
        ("Metadata", "Functions.Metadata"),
    ):
        _add(_add(point, name), "SourceLocation", resid=resource)


def _ribbon(desktop: etree._Element, tab: Tab, texts: _Texts) -> None:
    point = _add(desktop, "ExtensionPoint", type="PrimaryCommandSurface")
    custom = _add(point, "CustomTab", id="fenji_tab")
    for group in tab.groups:
        holder = _add(custom, "Group", id=group.id)
        _add(holder, "Label", resid=texts.label(group.label))
        _pictures(holder, icons.APP)
        for button in group.buttons:
            _control(holder, button, texts)
    _add(custom, "Label", resid=texts.label(tab.label))


def _control(holder: etree._Element, button: Button, texts: _Texts) -> None:
    control = _add(holder, "Control", type="Menu" if button.choices else "Button", id=button.id)
    _described(control, button.label, button.tip, button.command, texts)
    if not button.choices:
        _action(control, button.id)
        return
    items = _add(control, "Items")
    for number, choice in enumerate(button.choices, 1):
        item = _add(items, "Item", id=f"{button.id}.{number}")
        _described(item, choice.label, choice.tip, button.command, texts)
        _action(item, f"{button.id}.{number}")


def _described(control: etree._Element, label: Text, tip: Text, picture: str, texts: _Texts) -> None:
    _add(control, "Label", resid=texts.label(label))
    supertip = _add(control, "Supertip")
    _add(supertip, "Title", resid=texts.label(label))
    _add(supertip, "Description", resid=texts.tip(tip))
    _pictures(control, picture)


def _pictures(control: etree._Element, picture: str) -> None:
    icon = _add(control, "Icon")
    for size in icons.IN_RIBBON:
        etree.SubElement(icon, f"{{{TYPES}}}Image", size=str(size), resid=_picture_id(picture, size))


def _picture_id(picture: str, size: int) -> str:
    return f"{picture}.{size}"


def _action(control: etree._Element, name: str) -> None:
    action = _add(control, "Action", type="ExecuteFunction")
    _add(action, "FunctionName").text = name


def _resources(versions: etree._Element, tab: Tab, texts: _Texts) -> None:
    resources = _add(versions, "Resources")
    images = etree.SubElement(resources, f"{{{TYPES}}}Images")
    for picture in (icons.APP, *(button.command for button in tab.buttons)):
        for size in icons.IN_RIBBON:
            etree.SubElement(
                images,
                f"{{{TYPES}}}Image",
                id=_picture_id(picture, size),
                DefaultValue=f"{PICTURES}{picture}-{size}.png",
            )
    urls = etree.SubElement(resources, f"{{{TYPES}}}Urls")
    addresses = {"Pane": PAGE, "Functions.Code": f"{META}code.js", "Functions.Metadata": f"{META}meta.json"}
    for key, address in addresses.items():
        etree.SubElement(urls, f"{{{TYPES}}}Url", id=key, DefaultValue=address)
    for name, known in (("ShortStrings", texts.short), ("LongStrings", texts.long)):
        strings = etree.SubElement(resources, f"{{{TYPES}}}{name}")
        for key, text in known.items():
            element = etree.SubElement(strings, f"{{{TYPES}}}String", id=key, DefaultValue=text.en)
            for locale in CHINESE:
                etree.SubElement(element, f"{{{TYPES}}}Override", Locale=locale, Value=text.zh)


def _add(parent: etree._Element, name: str, type: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{OVERRIDES}}}{name}")
    if type is not None:
        element.set(f"{{{INSTANCE}}}type", type)
    for key, value in attributes.items():
        element.set(key, value)
    return element
