"""Rules that cfn-lint lacks: least privilege, and the function that was packed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template
from wide_statements import is_wide_policy, problems, texts

FUNCTION = "AWS::Lambda::Function"
SERVERLESS = "AWS::Serverless::Function"
POLICY_TYPES = (
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
)


class WidePolicy(CloudFormationLintRule):
    """An identity's policy allows more than a function needs."""

    id = "E9101"
    shortdesc = "Least privilege"
    description = "Policies name the actions and the resources that they allow"
    source_url = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
    tags = ["iam"]  # noqa: RUF012 - cfn-lint's own form

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Look at the policies of roles, and at those that stand alone."""
        found: list[RuleMatch] = []
        for name, resource in cfn.get_resources().items():
            properties = resource.get("Properties") or {}
            path = ["Resources", name, "Properties"]
            if resource.get("Type") in POLICY_TYPES:
                found += _in_document(properties, [*path, "PolicyDocument"])
            for index, policy in enumerate(_list(properties.get("Policies"))):
                found += _in_policy(policy, [*path, "Policies", index])
            for arn in texts(properties.get("ManagedPolicyArns")):
                if is_wide_policy(arn):
                    found.append(_wide(arn, [*path, "ManagedPolicyArns"]))
        return found


def _in_policy(policy: Any, path: list[Any]) -> list[RuleMatch]:
    """A role's policy, or SAM's: a name, an ARN, a document, or a template."""
    if isinstance(policy, str):
        return [_wide(policy, path)] if is_wide_policy(policy) else []
    if not isinstance(policy, dict):
        return []
    if "PolicyDocument" in policy:
        return _in_document(policy, [*path, "PolicyDocument"])
    return _in_document({path[-1]: policy}, path)


def _in_document(holder: dict[Any, Any], path: list[Any]) -> list[RuleMatch]:
    """The document that stands in `holder` under the last part of `path`."""
    document = holder.get(path[-1])
    if not isinstance(document, dict):
        return []
    return [
        RuleMatch([*path, "Statement", index, key], message)
        for index, statement in enumerate(_list(document.get("Statement")))
        if isinstance(statement, dict)
        for key, message in problems(statement)
    ]


def _wide(arn: str, path: list[Any]) -> RuleMatch:
    """A managed policy that allows whole services."""
    return RuleMatch(path, f"{arn!r} allows whole services: name what is needed")


class PackedFunction(CloudFormationLintRule):
    """The template's function is not the one that [tool.lambda-py] describes."""

    id = "E9102"
    shortdesc = "The packed function"
    description = "Handler, runtime and architecture are those of [tool.lambda-py]"
    tags = ["lambda"]  # noqa: RUF012

    def __init__(self) -> None:
        """Declare what `--configure-rule` sets."""
        super().__init__()
        for key in ("handler", "runtime", "architecture"):
            self.config_definition[key] = {"default": "", "type": "string"}
        self.configure()

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Find the function by its handler, and compare the rest."""
        wanted = {key: str(self.config[key]) for key in self.config_definition}
        if not wanted["handler"]:
            return []
        own = [
            (name, properties)
            for name, properties in _functions(cfn)
            if properties.get("Handler") == wanted["handler"]
        ]
        if not own:
            text = f"no function has the handler {wanted['handler']!r} of"
            return [RuleMatch(["Resources"], f"{text} [tool.lambda-py]")]
        return [match for found in own for match in _differences(*found, wanted)]


class PackedZip(CloudFormationLintRule):
    """A function's code is a path that nothing is at."""

    id = "E9103"
    shortdesc = "The packed zip"
    description = "CodeUri leads to a file or folder, seen from the template"
    tags = ["lambda", "sam"]  # noqa: RUF012

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Look for what is deployed, which `pack` must have made."""
        if not cfn.filename:
            return []
        folder = Path(cfn.filename).parent
        return [
            RuleMatch(
                ["Resources", name, "Properties"], f"CodeUri: {uri!r} does not exist"
            )
            for name, properties in _functions(cfn)
            if isinstance(uri := properties.get("CodeUri"), str)
            and "://" not in uri
            and not (folder / uri).exists()
        ]


def _functions(cfn: Template) -> list[tuple[str, dict[str, Any]]]:
    """Every function with its properties, those of SAM's Globals included."""
    shared = cfn.template.get("Globals", {}).get("Function", {})
    return [
        (
            name,
            {
                **(shared if resource["Type"] == SERVERLESS else {}),
                **(resource.get("Properties") or {}),
            },
        )
        for name, resource in cfn.get_resources([SERVERLESS, FUNCTION]).items()
    ]


def _differences(
    name: str, properties: dict[str, Any], wanted: dict[str, str]
) -> list[RuleMatch]:
    """Where a function is not what [tool.lambda-py] says."""
    pairs = {
        "Runtime": (properties.get("Runtime"), wanted["runtime"]),
        "Architectures": (
            properties.get("Architectures", ["x86_64"]),
            [wanted["architecture"]],
        ),
    }
    return [
        RuleMatch(
            ["Resources", name, "Properties", key],
            f"{key} is {value!r}, [tool.lambda-py] says {expected!r}",
        )
        for key, (value, expected) in pairs.items()
        if value != expected and not isinstance(value, dict)
    ]


def _list(value: Any) -> list[Any]:
    """A list as it is, anything else as the one item of one."""
    return value if isinstance(value, list) else [] if value is None else [value]
