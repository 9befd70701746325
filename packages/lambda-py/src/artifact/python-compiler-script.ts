/**
 * A Python program that compiles sources and tells which names they define, for as long as its standard input is open.
 *
 * It imports nothing but what the interpreter has loaded already, or is built of: it is started while the user waits.
 * Each line of its input is a request: what to do, how sources and results are exchanged, and those or their place. They
 * are described where they are written and read, in `python-interpreter.ts`. It answers each with a line: `= ` and what
 * is inline, or what went wrong.
 *
 * `inline`: the sources in hex, as the results are in the answer. `files`: the path of a batch; `<batch>.in` holds the
 * sources and `<batch>.out` takes the results, so that it works on while the other side is busy deflating.
 *
 * `compile`: a pyc of the unchecked-hash kind (PEP 552) is valid whatever the date of its source, and whether or not that
 * source can be read: /var/task is read-only and its files are of 1980.
 *
 * `names`: the names that a module defines, by its syntax tree: the module is not run. It is `open` where it may define
 * more than can be read off it: a star import, a module-level `__getattr__`, or more nesting than Python takes.
 */
export const PYTHON_COMPILER_SCRIPT = `
import _ast, _imp, io, marshal, sys
from _frozen_importlib_external import MAGIC_NUMBER

HASH_KEY = int.from_bytes(MAGIC_NUMBER, "little")
UNCHECKED_HASH = (1).to_bytes(4, "little")

def place_of(error):
    line = getattr(error, "lineno", None)
    return "" if line is None else "line %d: " % line

def message_of(error):
    return (place_of(error) + str(getattr(error, "msg", None) or error)).encode("utf-8", "replace")

def compile_source(path, source):
    try:
        code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        return b"\\1", message_of(error)
    return b"\\0", MAGIC_NUMBER + UNCHECKED_HASH + _imp.source_hash(HASH_KEY, source) + marshal.dumps(code)

FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef)
OWN_SCOPES = (_ast.Lambda, _ast.ListComp, _ast.SetComp, _ast.DictComp, _ast.GeneratorExp)

def children_of(node):
    for field in node._fields:
        value = getattr(node, field, None)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, _ast.AST):
                yield child

def imported_names(node):
    for alias in node.names:
        if alias.asname:
            yield alias.asname
        else:
            yield alias.name.split(".")[0] if isinstance(node, _ast.Import) else alias.name

def module_names(tree):
    names = set()
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, FUNCTIONS):
            names.add(node.name)
        elif isinstance(node, (_ast.Import, _ast.ImportFrom)):
            names.update(imported_names(node))
        elif isinstance(node, OWN_SCOPES) or (isinstance(node, _ast.AnnAssign) and node.value is None):
            pass
        else:
            if isinstance(node, _ast.Name) and isinstance(node.ctx, _ast.Store):
                names.add(node.id)
            nodes.extend(children_of(node))
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, _ast.Global):
            names.update(node.names)
        nodes.extend(children_of(node))
    return names

def names_of(source):
    try:
        tree = compile(source, "<unknown>", "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
    except (RecursionError, MemoryError):
        return b"\\0", b"*"
    except (SyntaxError, ValueError) as error:
        return b"\\1", message_of(error)
    names = module_names(tree)
    if "__getattr__" in names:
        names.add("*")
    return b"\\0", "\\n".join(sorted(names)).encode()

def read_number(file):
    return int.from_bytes(file.read(4), "little")

WORK = {b"compile": compile_source, b"names": lambda path, source: names_of(source)}

def work_on(work, sources, results):
    for _ in range(read_number(sources)):
        path = sources.read(read_number(sources)).decode()
        status, content = WORK[work](path, sources.read(read_number(sources)))
        results.write(status + len(content).to_bytes(4, "little") + content)

def answer(request):
    work, exchange, batch = request.split(b" ", 2)
    if exchange == b"inline":
        results = io.BytesIO()
        work_on(work, io.BytesIO(bytes.fromhex(batch.decode())), results)
        return results.getvalue().hex()
    with open(batch + b".in", "rb") as sources, open(batch + b".out", "wb") as results:
        work_on(work, sources, results)
    return ""

for line in sys.stdin.buffer:
    try:
        print("=", answer(line.rstrip(b"\\n")), flush=True)
    except Exception as error:
        # One batch's folder may be gone; the next one's is there.
        print(repr(error).replace("\\n", " "), flush=True)
`;
