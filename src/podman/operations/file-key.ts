import { sanitize } from '../../base/sanitize.ts';
import type { FileKey } from '../../kube/spec/desired.ts';
import { podVolumeName } from '../names.ts';
import type { AskedArgument } from './argument.ts';
import { REPORT_EXIT_CODE, reportScript, type ReportTable } from './report.ts';

export interface FileKeyUse {
  readonly pod: string;
  readonly podman: string;
  /** The user of the value, the beginning of a message: `variable URL`. */
  readonly use: string;
  /** `json`: escaped for a JSON string. */
  readonly form: 'plain' | 'json';
}

const NO_VALUE = 'no-value-in-file';

/** The flag for a missing optional variable: an empty file of variables. */
const NO_VARIABLE = '--env-file=/dev/null';

/**
 * The query for the value of a key in a file. The answer begins with `before`. If an optional value is missing, the
 * answer is `otherwise`.
 */
export function askFileKey(
  { pod, podman, use, form }: FileKeyUse,
  { volume, path, key, optional, otherwise = NO_VARIABLE }: FileKey,
  before = '',
): Pick<AskedArgument, 'ask' | 'end'> {
  // One field of a report, which must be one line.
  const what = sanitize(`${use} takes key ${key} of ${path} in volume ${volume}`);
  const words = [podVolumeName({ name: pod }, { name: volume }), path, key, what, before];
  const fallback = optional === undefined ? [] : [otherwise];
  const args = ['unshare', 'sh', '-c', READ_KEY, podman, PROGRAMS[form], ...words, ...fallback];
  return { ask: { args }, end: '.' };
}

/** The flag of a variable whose value is that of a key. For a missing optional value, it is `NO_VARIABLE`. */
export function fileKeyFlag(use: FileKeyUse, name: string, fileKey: FileKey): AskedArgument {
  return { before: '', ...askFileKey(use, fileKey, `--env=${name}=`), after: '' };
}

/**
 * Runs in podman's user namespace, where in-memory volumes are visible. `$0` is podman, `$1` the program below; then
 * come the volume, the path, the key and the rest. It checks the opened file, not the path, which may have become a
 * symbolic link to another place. It opens only regular files, as others may block.
 *
 * A missing file counts as a missing key (FileKeySelector in the API reference, and the table of failures in KEP-3721),
 * and so does an empty value (makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go).
 */
const READ_KEY = [
  'root=$(readlink -f "$("$0" volume inspect --format {{.Mountpoint}} "$2")") && file=$root/$3 what=$5 || exit',
  `no() { ${reportScript(NO_VALUE, '"$what"', '"$1"', '"$2"')}; }`,
  'code=3 why=no-file',
  'if [ -f "$file" ]; then exec 3<"$file"',
  'case $(readlink "/proc/$$/fd/3") in "$root"/*) ;; *) no leads-out "$3" ;; esac',
  'LC_ALL=C awk "$1" "$4" "$5" "$6" <&3',
  'code=$? why=no-key',
  'elif [ -e "$file" ]; then no not-a-file; fi',
  '[ $code = 3 ] || exit $code',
  '[ $# -gt 6 ] || no "$why"',
  'printf %s. "$7"',
].join('; ');

/**
 * Kubernetes' format of these files, a subset of shell syntax (ParseEnv in pkg/kubelet/util/env/env_util.go):
 * VARIABLE='value', where a value can span lines and has no special characters. The first match counts, and parsing
 * stops there. A line has at most 64 KiB (bufio.MaxScanTokenSize); an argument of a command can be twice as long.
 */
const FIND_KEY = [
  `function no(why, at) { printf "${NO_VALUE}\\t%s\\t%s\\t%s\\n", what, why, at >"/dev/stderr"; code = ${REPORT_EXIT_CODE}; exit code }`,
  'function line(why) { no(why, NR) }',
  String.raw`function take(text, end) { end = index(text, "\047")`,
  String.raw`if (!end) { value = value text "\n"; return }`,
  'value = value substr(text, 1, end - 1); open = 0',
  String.raw`if (substr(text, end + 1) !~ /^[ \t]*(#.*)?$/) line("goes-on")`,
  'if (name == key) { code = value == "" ? 3 : 0; exit } }',
  'BEGIN { key = ARGV[1]; what = ARGV[2]; before = ARGV[3]; ARGC = 1; code = 3 }',
  'length($0) > 65535 { line("too-long") }',
  String.raw`{ sub(/\r$/, "") }`,
  'open { take($0); next }',
  String.raw`{ sub(/^[ \t]+/, "") }`,
  '/^(#|$)/ { next }',
  '{ at = index($0, "="); name = substr($0, 1, at - 1); rest = substr($0, at + 1) }',
  '!at { line("no-equals-sign") }',
  'name == "" { line("no-name") }',
  String.raw`name ~ /[ \t]$/ { line("space") }`,
  String.raw`rest ~ /^[ \t]/ { if (name == key) exit; next }`,
  String.raw`index(rest, "\047") != 1 { line("unquoted") }`,
  '{ open = NR; value = ""; take(substr(rest, 2)) }',
  'END { if (code == 3 && open) no("open-quote", open)',
  'if (!code && length(value) > 131000) no("value-too-long")',
  'if (code) exit code',
  'ORS = ""; print before VALUE "." }',
].join('; ');

const TO_JSON = [
  'function quoted(text, at, all, c, codes) { for (at = 1; at < 32; at++) codes[sprintf("%c", at)] = at',
  'for (at = 1; at <= length(text); at++) { c = substr(text, at, 1)',
  String.raw`all = all (c == "\\" || c == "\"" ? "\\" c : c in codes ? sprintf("\\u%04x", codes[c]) : c) }`,
  'return all }',
].join('; ');

const PROGRAMS: Readonly<Record<FileKeyUse['form'], string>> = {
  plain: FIND_KEY.replace('VALUE', 'value'),
  json: `${TO_JSON}; ${FIND_KEY.replace('VALUE', 'quoted(value)')}`,
};

/** The message for each code of the script. @param at the line number, or the path */
const REASONS: Readonly<Record<string, (at: string) => string>> = {
  'no-file': () => 'no such file',
  'not-a-file': () => 'not a regular file',
  'leads-out': (at) => `${at} is outside of the volume`,
  'no-key': () => 'the file has no value for this key',
  'goes-on': (at) => `line ${at} has text after the closing quote`,
  'too-long': (at) => `line ${at} is too long`,
  'no-equals-sign': (at) => `line ${at} has no '='`,
  'no-name': (at) => `line ${at} has no name before '='`,
  space: (at) => `line ${at} has a space before '='`,
  unquoted: (at) => `line ${at} has a value that is not in single quotes`,
  'open-quote': (at) => `line ${at} opens a quote that is not closed`,
  'value-too-long': () => 'the value is too long',
};

export const FILE_KEY_REPORTS: ReportTable = {
  [NO_VALUE]: {
    fields: 3,
    message: ([what = '', why = '', at = '']) => `${what}: ${REASONS[why]?.(at) ?? why}`,
    help: "An init container must write the file: one VARIABLE='value' per line, each value in single quotes. With 'optional: true', a variable without a value is omitted.",
  },
};
