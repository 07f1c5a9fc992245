"""Fetch the files of other projects that we ship, and prove that they are unchanged.

`vendor.py update` needs npm and fontTools and is run by a maintainer; `vendor.py check` needs Python only.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static/vendor/MANIFEST.json"
PLAN = Path(__file__).with_name("vendor.json")
OWN_ICONS = Path(__file__).with_name("icons")
# collectstatic refuses a file that points to a source map we do not ship
SOURCE_MAP = re.compile(rb"\n?(//# |/\*# )sourceMappingURL=.*")

Entry = dict[str, Any]


def entry_of(path: Path, **origin: str) -> Entry:
    """Describe one shipped file: where it came from and what it must still be."""
    content = path.read_bytes()
    return {
        "file": path.relative_to(ROOT).as_posix(),
        **origin,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def write(name: str, content: bytes) -> Path:
    """Write a file below the project root and return its path."""
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def fetch(name: str, version: str, folder: str) -> tuple[Path, str]:
    """Download one npm package; return its archive and the integrity hash npm verified."""
    command = ["npm", "pack", f"{name}@{version}", "--json", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    info = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return next(Path(folder).glob("*.tgz")), str(info["integrity"])


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return one file of an npm package."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(name)
    return member.read()


def symbol(name: str, source: str, *, outline: bool) -> str:
    """Turn one SVG drawing into a symbol of the sprite."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if found is None:
        raise ValueError(f"{name} is not an SVG drawing")
    view = re.search(r'viewBox="([^"]+)"', source)
    inner = re.sub(r"\s+", " ", found.group(1)).strip()
    line = (
        ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round"'
    )
    box = view.group(1) if view else "0 0 24 24"
    return f'<symbol id="{name}" viewBox="{box}"{line if outline else ""}>{inner}</symbol>'


def build_sprite(plan: dict[str, Any], archive: tarfile.TarFile, **origin: str) -> Entry:
    """Write the icon sprite from our own shapes and the chosen Lucide icons."""
    own = [
        symbol(name, (OWN_ICONS / f"{name}.svg").read_text(), outline=False) for name in plan["own"]
    ]
    taken = [
        symbol(name, read_member(archive, f"icons/{name}.svg").decode(), outline=True)
        for name in plan["icons"]
    ]
    body = "\n".join(
        ['<svg xmlns="http://www.w3.org/2000/svg">', *own, *taken, "</svg>", ""],
    )
    return entry_of(write(plan["file"], body.encode()), source="icons", **origin)


def rename(font: Any, family: str, style: str) -> None:
    """Give a font its own family name; the original's name is reserved by its license."""
    names = {1: family if style == "Regular" else f"{family} {style}", 2: "Regular"}
    names |= {
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family}-{style}".replace(" ", ""),
    }
    names |= {16: family, 17: style}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 5, 13, 14}]
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)


def build_fonts(plan: dict[str, Any]) -> list[Entry]:
    """Make static TrueType fonts for the PDF, because SVG text ignores variable weights there."""
    from fontTools.merge import Merger  # noqa: PLC0415 - only the maintainer's command needs fontTools
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - the same
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415 - the same

    source_time = TTFont(ROOT / plan["sources"][0])["head"].modified
    entries = []
    for style, weight in plan["weights"].items():
        with tempfile.TemporaryDirectory() as folder:
            parts = []
            for number, source in enumerate(plan["sources"]):
                font = instantiateVariableFont(TTFont(ROOT / source), {"wght": weight})
                font.flavor = None
                for extra in ("GSUB", "GDEF", "STAT", "DSIG"):
                    if extra in font:
                        del font[extra]
                parts.append(f"{folder}/{number}.ttf")
                font.save(parts[-1])
            merged = Merger().merge(parts)
        rename(merged, plan["family"], style)
        merged["OS/2"].usWeightClass = weight
        # the same input must give the same bytes
        merged.recalcTimestamp = False
        merged["head"].created = merged["head"].modified = source_time
        target = ROOT / plan["folder"] / f"{plan['family'].replace(' ', '')}-{style}.ttf"
        target.parent.mkdir(parents=True, exist_ok=True)
        merged.save(target)
        entries.append(entry_of(target, source=", ".join(plan["sources"])))
    license_text = (ROOT / plan["license"]).read_bytes()
    entries.append(entry_of(write(f"{plan['folder']}/LICENSE.txt", license_text), source="license"))
    return entries


def update() -> int:
    """Fetch every package of the plan and write the manifest."""
    plan = json.loads(PLAN.read_text())
    entries: list[Entry] = []
    for name, wanted in plan["packages"].items():
        with tempfile.TemporaryDirectory() as folder:
            path, integrity = fetch(name, wanted["version"], folder)
            origin = {"package": name, "version": wanted["version"], "npm_integrity": integrity}
            with tarfile.open(path) as archive:
                for source, target in wanted["files"].items():
                    content = read_member(archive, source)
                    if target.endswith((".js", ".css")):
                        content = SOURCE_MAP.sub(b"", content)
                    entries.append(entry_of(write(target, content), source=source, **origin))
                if name == plan["sprite"]["package"]:
                    entries.append(build_sprite(plan["sprite"], archive, **origin))
    entries += build_fonts(plan["fonts"])
    MANIFEST.write_text(json.dumps(entries, indent=1) + "\n")
    return 0


def problems() -> list[str]:
    """Name every shipped file that changed, is missing or is not in the manifest."""
    entries = json.loads(MANIFEST.read_text())
    found = []
    for entry in entries:
        path = ROOT / entry["file"]
        if not path.exists():
            found.append(f"{entry['file']} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            found.append(f"{entry['file']} changed")
    known = {entry["file"] for entry in entries} | {MANIFEST.relative_to(ROOT).as_posix()}
    for folder in json.loads(PLAN.read_text())["folders"]:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and name not in known:
                found.append(f"{name} is not in the manifest")
    return found


def check() -> int:
    """Print what is wrong with the shipped files; 1 when anything is."""
    found = problems()
    print("\n".join(found) or "Vendored files are as recorded.")
    return 1 if found else 0


if __name__ == "__main__":
    commands = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:  # noqa: PLR2004 - program name and one word
        sys.exit("Use: vendor.py update | check")
    sys.exit(commands[sys.argv[1]]())
