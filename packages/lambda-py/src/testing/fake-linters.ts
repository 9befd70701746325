const SHIFT = 'while [ "$1" != -- ]; do shift; done; shift';
/**
 * A ruff: it finds something in each file with its name in it, and ends itself by a signal on one that is called `crash`.
 */
export const RUFF = [
  'words="$*"',
  SHIFT,
  'find "$@" -name "crash.py" | grep -q . && kill -SEGV $$',
  'case "$words" in',
  '  *--show-files*) find "$@" -name "*.py" | sort | sed "s|^|$PWD/|" ;;',
  '  *json*) printf "["; separator=""',
  '    for file in $(find "$@" -name "*ruff*.py"); do',
  `      printf '%s{"filename": "%s"}' "$separator" "$PWD/$file"; separator=","`,
  '    done; echo "]"; [ -z "$separator" ] ;;',
  '  *) found=$(find "$@" -name "*ruff*.py")',
  '    [ -z "$found" ] && echo "All checks passed!" && exit 0',
  '    echo "$found: F401"; exit 1 ;;',
  'esac',
].join('\n');
/** A black: it finds something in each file with its name in it. */
export const BLACK = [
  'case "$*" in *--verbose*) verbose=1 ;; esac',
  'case "$*" in *--check*) would="would be " ;; esac',
  SHIFT,
  'count=0; status=0',
  'for file in $(find "$@" -name "*.py"); do case "$file" in',
  '  *black*) echo "would reformat $PWD/$file" >&2; status=1 ;;',
  '  *) count=$((count + 1))',
  '    [ -z "$verbose" ] || echo "$PWD/$file already well formatted, good job." >&2 ;;',
  'esac; done',
  '[ $status = 0 ] || exit 1',
  '[ $count = 1 ] && s="" || s=s',
  'echo "All done! ✨ 🍰 ✨" >&2',
  'echo "$count file$s ${would}left unchanged." >&2',
].join('\n');
