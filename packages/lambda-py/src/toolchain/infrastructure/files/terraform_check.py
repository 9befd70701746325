"""What can be said of Terraform files without a terraform: syntax, least privilege, function.

Usage: terraform_check.py FOLDER HANDLER RUNTIME ARCHITECTURE; a finding is a line, and
the exit status is 1 where there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2
from wide_statements import is_wide_policy, problems, texts

JSONENCODE = re.compile(r"^\$\{jsonencode\((.*)\)\}$", re.DOTALL)
# Terraform's spelling of the keys of a statement.
KEYS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def findings(
    folder: Path, handler: str, runtime: str, architecture: str
) -> Iterator[str]:
    """Every finding in the folder's files, each as a line."""
    handlers: list[str] = []
    for file in sorted(folder.glob("*.tf")):
        try:
            content = _plain(hcl2.loads(file.read_text(encoding="utf-8")))
        except Exception as error:  # noqa: BLE001 - the parser has no one base class
            yield f"{file}: not HCL: {str(error).strip().splitlines()[0]}"
            continue
        for address, block in _blocks(content):
            for problem in _policy_problems(address, block):
                yield f"{file}: {address}: {problem}"
            if address.startswith("aws_lambda_function."):
                handlers.append(str(block.get("handler")))
                for problem in _differences(block, handler, runtime, architecture):
                    yield f"{file}: {address}: {problem}"
    if handler not in handlers:
        yield f"{folder}: no function has the handler {handler!r} of [tool.lambda-py]"


def _plain(value: Any) -> Any:
    """The parser's output without its marks: texts unquoted, blocks bare."""
    if isinstance(value, Mapping):
        return {
            _plain(key): _plain(item)
            for key, item in value.items()
            if not str(key).startswith("__")
        }
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _blocks(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every resource and every data source, with its address."""
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for labelled in content.get(kind, []):
            for block_type, named in labelled.items():
                for name, block in named.items():
                    yield f"{prefix}{block_type}.{name}", block


def _policy_problems(address: str, block: Mapping[str, Any]) -> Iterator[str]:
    """What is too wide in a policy document, an encoded policy or an attachment."""
    if address.startswith("data.aws_iam_policy_document."):
        for statement in _statements(block):
            spelt = {KEYS[key]: statement[key] for key in KEYS if key in statement}
            effect = statement.get("effect", "Allow")
            for _, problem in problems({"Effect": effect, **spelt}):
                yield problem
    for arn in texts(block.get("policy_arn")):
        if is_wide_policy(arn):
            yield f"{arn!r} allows whole services: name what is needed"
    encoded = JSONENCODE.match(str(block.get("policy")))
    if encoded and address.startswith("aws_iam_"):
        document = _plain(hcl2.loads(f"policy = {encoded[1]}\n"))["policy"]
        statements = document.get("Statement", [])
        for statement in statements if isinstance(statements, list) else [statements]:
            for _, problem in problems(statement):
                yield problem


def _statements(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statements of a policy document, dynamic ones too."""
    yield from block.get("statement", [])
    for dynamic in block.get("dynamic", []):
        for name, body in dynamic.items():
            if name == "statement":
                yield from body.get("content", [])


def _differences(
    block: Mapping[str, Any], handler: str, runtime: str, architecture: str
) -> Iterator[str]:
    """Where a function is not what [tool.lambda-py] says; expressions are not judged."""
    if block.get("handler") != handler:
        return
    wanted = {"runtime": runtime, "architectures": [architecture]}
    found = {"architectures": ["x86_64"], **block}
    for key, expected in wanted.items():
        if not str(found.get(key)).startswith("${") and found.get(key) != expected:
            yield f"{key} is {found.get(key)!r}, [tool.lambda-py] says {expected!r}"


if __name__ == "__main__":
    lines = list(findings(Path(sys.argv[1]), *sys.argv[2:5]))
    print("\n".join(lines))  # noqa: T201
    sys.exit(1 if lines else 0)
