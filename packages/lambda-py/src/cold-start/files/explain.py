"""Initialises a function, and tells what `python -X importtime` does not.

The arguments are the file to write to, the handler, and the project's own packages, separated by commas. What is written:
the clients of AWS services that the initialisation creates, the modules that had to be compiled, and where the project's
own modules use what they import.
"""

import importlib.util
import sys
import time

import awslambdaric.bootstrap  # noqa: F401  # What Lambda's runtime loads before the function.

#: Whose frames are passed over in search of the code that asks for a client.
VENDORS = ("boto3", "botocore", "importlib", "s3transfer")
#: Printed between the imports of the function and those of this program.
END_OF_IMPORTS = "lambda-py: initialised"

clients = []
own_packages = set()


class ClientTimer:
    """Finds `botocore.session` as ever, and has it time the clients that it creates."""

    def find_spec(self, name, path=None, target=None):
        """Answer Python's question where a module is.

        Args:
            name: the module.
            path: where its package looks for modules.
            target: the module that is loaded again, if one is.

        Returns:
            The module's spec, or nothing where it is another module.
        """
        if name != "botocore.session":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_patch(module):
            execute(module)
            module.Session.create_client = timed(module.Session.create_client)

        spec.loader.exec_module = execute_and_patch
        return spec


def timed(create_client):
    """Wrap the method that creates clients.

    Args:
        create_client: the method.

    Returns:
        A method that does the same and writes down how long it took.
    """

    def create_and_time(session, service_name, *args, **kwargs):
        begin = time.perf_counter()
        try:
            return create_client(session, service_name, *args, **kwargs)
        finally:
            milliseconds = (time.perf_counter() - begin) * 1000
            clients.append(
                {
                    "service": service_name,
                    "module": asking_module(),
                    "during": importing_module(),
                    "milliseconds": milliseconds,
                }
            )

    return create_and_time


def asking_module():
    """Find the code that asks for a client.

    Returns:
        The name of the project's module that is next up the stack; where there is none, the first that is not AWS's.
    """
    asking = ""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        package = name.partition(".")[0]
        if package in own_packages:
            return name
        if not asking and package not in VENDORS and name != __name__:
            asking = name
        frame = frame.f_back
    return asking


def importing_module():
    """Find the module whose import goes on: its own time has that of the client in it.

    Returns:
        The name of the module that is next up the stack; empty where there is none.
    """
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if frame.f_code.co_name == "<module>" and name != __name__:
            return name
        frame = frame.f_back
    return ""


def compiled_modules(packages):
    """List the modules that Python found no bytecode for.

    Args:
        packages: the folders of Lambda, below which they are looked for.

    Returns:
        Their names.
    """
    import os

    names = []
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None)
        cached = getattr(spec, "cached", None)
        if not isinstance(origin, str) or not origin.endswith(".py") or cached is None:
            continue
        if origin.startswith(packages) and not os.path.exists(cached):
            names.append(name)
    return sorted(names)


def places_of_use(own):
    """Tell where the project's own modules use what they import at their top.

    Args:
        own: the project's own packages.

    Returns:
        For each import the module, the package that it imports, and the functions that use it; none where it is used
        outside of functions, or not at all.
    """
    import ast

    uses = []
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if name.partition(".")[0] not in own or not path or not path.endswith(".py"):
            continue
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        bound = {}
        for node in tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound[alias.asname or alias.name.partition(".")[0]] = alias.name
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module != "__future__":
                for alias in node.names:
                    bound[alias.asname or alias.name] = node.module
        functions = names_in_functions(tree)
        for package in sorted({imported.partition(".")[0] for imported in bound.values()} - own):
            names = {bind for bind, imported in bound.items() if imported.partition(".")[0] == package}
            places = sorted(place for place, used in functions.items() if used & names)
            if "" not in places and places:
                uses.append({"module": name, "package": package, "functions": places})
    return uses


def names_in_functions(tree):
    """List the names that each function of a module uses.

    Args:
        tree: the module.

    Returns:
        The names by function; those outside of functions (decorators, defaults and bases too) by the empty text.
    """
    import ast

    lazy_annotations = any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" and any(a.name == "annotations" for a in node.names)
        for node in tree.body
    )
    names = {"": set()}

    def add(place, nodes):
        for node in nodes:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name):
                    names.setdefault(place, set()).add(inner.id)

    def visit(body, prefix):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = node.args
                eager = [*node.decorator_list, *arguments.defaults, *(d for d in arguments.kw_defaults if d)]
                if not lazy_annotations:
                    eager += [a.annotation for a in ast.walk(arguments) if isinstance(a, ast.arg) and a.annotation]
                    eager += [node.returns] if node.returns else []
                add("", eager)
                add(prefix + node.name, node.body)
            elif isinstance(node, ast.ClassDef):
                add("", [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)])
                visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.AnnAssign) and lazy_annotations and not prefix:
                add("", [node.value] if node.value else [])
            elif not isinstance(node, (ast.Import, ast.ImportFrom)):
                add("", [node])

    visit(tree.body, "")
    return names


def main(result, handler, own, *roots):
    """Import the handler's module, and write down what there is to tell.

    Args:
        result: the file to write to.
        handler: `package.module.function`.
        own: the project's own packages, separated by commas.
        roots: the folders of the function's code.
    """
    own_packages.update(own.split(","))
    sys.meta_path.insert(0, ClientTimer())
    module_name, _, function_name = handler.rpartition(".")
    # importlib.import_module would leave the handler's own module out of the times.
    __import__(module_name)
    getattr(sys.modules[module_name], function_name)
    sys.stderr.write(f"\n{END_OF_IMPORTS}\n")
    sys.stderr.flush()

    import json
    import os

    with open(result, "w", encoding="utf-8") as file:
        json.dump(
            {
                "clients": clients,
                "compiled": compiled_modules(roots),
                "uses": places_of_use(own_packages),
            },
            file,
        )
    # Threads that the function has started are of no interest, and may never end.
    os._exit(0)


main(*sys.argv[1:])
