"""Writes a copy of a SAM template for an emulator that has no CodeDeploy."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse


def main(template: str, copy: str) -> None:
    """Read the template, and write the copy as JSON, which is YAML too."""
    source = Path(template)
    content = yaml_parse(source.read_text(encoding="utf-8"))
    functions = [content.get("Globals", {}).get("Function", {})]
    functions += [
        resource.get("Properties", {})
        for resource in content.get("Resources", {}).values()
        if resource.get("Type") == "AWS::Serverless::Function"
    ]
    for properties in functions:
        properties.pop("DeploymentPreference", None)
    Path(copy).write_text(
        json.dumps(absolute(content, source.parent), indent=1), encoding="utf-8"
    )


def absolute(value: Any, folder: Path) -> Any:
    """Make relative paths of files that exist absolute: the copy stands elsewhere."""
    if isinstance(value, dict):
        return {key: absolute(inner, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [absolute(inner, folder) for inner in value]
    if isinstance(value, str) and value.startswith("."):
        path = folder / value
        return str(path.resolve()) if path.exists() else value
    return value


if __name__ == "__main__":
    main(*sys.argv[1:])
