/**
 * A Python program that tells which names a module defines, without running the module: `ast` is the real parser.
 *
 * Its argument is the path of the module's source. It prints JSON: `names`, sorted; `open` where the module may define
 * more than can be read off it (a star import, a module-level `__getattr__`); `error` where the source does not parse.
 */
export const HANDLER_NAMES_SCRIPT = `
import ast, json, sys

names, state = set(), {"open": False}

def bind_name(name):
    names.add(name)

def visit(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        bind_name(node.name)
        state["open"] |= node.name == "__getattr__"
        return
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            if alias.name == "*":
                state["open"] = True
            elif alias.asname:
                bind_name(alias.asname)
            elif isinstance(node, ast.Import):
                bind_name(alias.name.split(".")[0])
            else:
                bind_name(alias.name)
        return
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        bind_name(node.id)
    for child in ast.iter_child_nodes(node):
        visit(child)

try:
    with open(sys.argv[1], "rb") as file:
        tree = ast.parse(file.read())
except (SyntaxError, ValueError) as error:
    line = getattr(error, "lineno", None)
    print(json.dumps({"error": getattr(error, "msg", str(error)), "line": line}))
else:
    visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            names.update(node.names)
    print(json.dumps({"names": sorted(names), "open": state["open"]}))
`;
