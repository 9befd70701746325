/**
 * A Python program that compiles sources, batch by batch, for as long as its standard input is open.
 *
 * It imports nothing but what the interpreter has loaded already: it is started while the user waits. Each line of its
 * input is the path of a batch; `<batch>.in` holds the sources and `<batch>.out` takes the bytecode (the records are
 * described where they are written, in `bytecode-compiler.ts`). When a batch is done it prints an empty line. Data goes
 * through files and not through pipes, so that it compiles on while the other side is busy deflating.
 *
 * A pyc of the unchecked-hash kind (PEP 552) is valid whatever the date of its source, and whether or not that source
 * can be read: /var/task is read-only and its files are of 1980.
 */
export const BYTECODE_SCRIPT = `
import _imp, marshal, sys
from _frozen_importlib_external import MAGIC_NUMBER

HASH_KEY = int.from_bytes(MAGIC_NUMBER, "little")
UNCHECKED_HASH = (1).to_bytes(4, "little")

def compile_source(path, source):
    try:
        code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = "" if line is None else "line %d: " % line
        return b"\\1", (place + str(getattr(error, "msg", None) or error)).encode("utf-8", "replace")
    return b"\\0", MAGIC_NUMBER + UNCHECKED_HASH + _imp.source_hash(HASH_KEY, source) + marshal.dumps(code)

def read_number(file):
    return int.from_bytes(file.read(4), "little")

for line in sys.stdin.buffer:
    batch = line.rstrip(b"\\n")
    with open(batch + b".in", "rb") as sources, open(batch + b".out", "wb") as results:
        for _ in range(read_number(sources)):
            path = sources.read(read_number(sources)).decode()
            status, content = compile_source(path, sources.read(read_number(sources)))
            results.write(status + len(content).to_bytes(4, "little") + content)
    print(flush=True)
`;
