"""The papers of a payload: licence texts, the bill of materials (SBOM) and the build's name."""

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from installer.bill_of_materials import Component
from installer.build_info import ROOT, BuildInfo

SBOM_NAME = "sbom.cdx.json"
LICENCES_NAME = "licences"


def write_papers(folder: Path, components: Sequence[Component], build: BuildInfo) -> None:
    """Write licence texts and SBOM of ``components`` into the payload at ``folder``.

    Raises:
        ValueError: a component has no licence text.
    """
    bare = [component.name for component in components if not component.licence_texts]
    if bare:
        raise ValueError(f"no licence text for {', '.join(bare)}")
    licences = folder / LICENCES_NAME
    for component in components:
        target = licences / f"{component.name}-{component.version}"
        target.mkdir(parents=True)
        for number, text in enumerate(component.licence_texts):
            name = text.name if not (target / text.name).exists() else f"{number}-{text.name}"
            shutil.copyfile(text, target / name)
    shutil.copyfile(ROOT / "LICENSE", licences / "SpineContext.txt")
    bill = bill_of_materials(components, build)
    (folder / SBOM_NAME).write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")


def bill_of_materials(components: Sequence[Component], build: BuildInfo) -> dict[str, Any]:
    """A CycloneDX 1.5 bill of materials (cyclonedx.org/docs/1.5/json)."""
    reference = f"spinecontext@{build.version}"
    names = "\n".join(component.purl for component in components)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{reference} {build.commit}\n{names}")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": f"{build.date:%Y-%m-%dT%H:%M:%SZ}",
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": "spinecontext",
                "version": build.version,
                "licenses": [{"license": {"id": "MIT"}}],
                "properties": [{"name": "commit", "value": build.commit}],
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": component.purl,
                "name": component.name,
                "version": component.version,
                "purl": component.purl,
                "licenses": [{"license": {"name": component.licence}}],
                "properties": [{"name": "files", "value": str(len(component.files))}],
            }
            for component in sorted(components, key=lambda component: component.purl)
        ],
        "dependencies": [
            {"ref": reference, "dependsOn": sorted(component.purl for component in components)}
        ],
    }
