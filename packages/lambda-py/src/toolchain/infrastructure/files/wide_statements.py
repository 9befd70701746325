"""What makes an IAM policy allow more than a function needs.

Which actions know resources is cfn-lint's own data, from AWS's service authorization
reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

WIDE_POLICIES = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


@cache
def _services() -> dict[str, Any]:
    """Every service's actions and the kinds of resource that each knows."""
    return load_resource(AdditionalSpecs, "Policies.json")


def texts(value: Any) -> Iterator[str]:
    """Every text of a value that may be one, a list, or a function such as Fn::If."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Mapping) and len(value) == 1:
        [(name, inner)] = value.items()
        if name == "Fn::If" and isinstance(inner, list):
            yield from texts(inner[1:])
        elif name == "Fn::Sub":
            yield from texts(inner if isinstance(inner, str) else inner[:1])


def problems(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The key at fault and what is wrong with it, in CloudFormation's spelling."""
    if statement.get("Effect") != "Allow":
        return
    for key in ("NotAction", "NotResource"):
        if key in statement:
            yield key, f"{key} allows all that it does not name: name what is needed"
    actions = list(texts(statement.get("Action")))
    for action in actions:
        if "*" in action or "?" in action:
            yield "Action", f"{action!r} allows more than it names: name each action"
    if any(_is_everything(resource) for resource in texts(statement.get("Resource"))):
        for action in actions:
            if _knows_resources(action):
                yield "Resource", f"{action!r} is allowed on '*': name its resources"


def is_wide_policy(arn: str) -> bool:
    """Whether a managed policy of AWS allows whole services."""
    name = arn.rsplit("/", 1)[-1]
    return name in WIDE_POLICIES or name.endswith("FullAccess")


def _is_everything(resource: str) -> bool:
    """`*`, or an ARN whose last part is no more than that."""
    arn = re.sub(r"\$\{[^}]*\}", "", resource)
    return arn == "*" or (arn.startswith("arn:") and arn.split(":", 5)[-1] == "*")


def _knows_resources(action: str) -> bool:
    """Whether an action can be allowed on some resources and not on others."""
    service, _, name = action.lower().partition(":")
    known = _services().get(service, {}).get("Actions", {}).get(name, {})
    return bool(known.get("Resources")) or "*" in action
