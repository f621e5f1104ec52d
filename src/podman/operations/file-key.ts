import { sanitize } from '../../base/sanitize.ts';
import type { FileKey } from '../../kube/spec/desired.ts';
import { podVolumeName } from '../names.ts';
import type { AskedArgument } from './argument.ts';
import { REPORT_EXIT_CODE, reportScript, type ReportTable } from './report.ts';

export interface FileKeyUse {
  readonly pod: string;
  readonly podman: string;
  /** What it is for, to begin a message with: `variable URL`. */
  readonly use: string;
  /** `json`: as it is written between the quotes of JSON. */
  readonly form: 'plain' | 'json';
}

const NO_VALUE = 'no-value-in-file';

/** What takes the place of a flag that is not there: no variables, from an empty file. */
const NO_VARIABLE = '--env-file=/dev/null';

/**
 * The question for the value of a key in a file. Its answer begins with `before`; where there is no value and need be
 * none, it is `otherwise`.
 */
export function askFileKey(
  { pod, podman, use, form }: FileKeyUse,
  { volume, path, key, optional, otherwise = NO_VARIABLE }: FileKey,
  before = '',
): Pick<AskedArgument, 'ask' | 'end'> {
  // A field of a report, and so on one line.
  const what = sanitize(`${use} takes key ${key} of ${path} in volume ${volume}`);
  const words = [podVolumeName({ name: pod }, { name: volume }), path, key, what, before];
  const fallback = optional === undefined ? [] : [otherwise];
  return { ask: ['unshare', 'sh', '-c', READ_KEY, podman, PROGRAMS[form], ...words, ...fallback], end: '.' };
}

/** The flag of a variable whose value is that of a key alone. There is no such flag where there is no value. */
export function fileKeyFlag(use: FileKeyUse, name: string, fileKey: FileKey): AskedArgument {
  return { before: '', ...askFileKey(use, fileKey, `--env=${name}=`), after: '' };
}

/**
 * Runs in podman's user namespace, where also a volume in memory is seen. `$0` is podman, `$1` the program below; then
 * come the volume, the path, the key and the rest. What has been opened is looked at, and not the path to it, which may
 * by now be a link to elsewhere; only what cannot keep us waiting is opened.
 *
 * A file that is missing is as good as a key that is (FileKeySelector in the API reference, and the table of failures in
 * KEP-3721), and so is an empty value (makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go).
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
 * Kubernetes' format of such files (ParseEnv in pkg/kubelet/util/env/env_util.go), which is a part of what a shell
 * reads: VARIABLE='value', where a value may go on over several lines and nothing in it is special; the first of two
 * counts, and nothing behind it is looked at. A line has at most 64 KiB (bufio.MaxScanTokenSize), and an argument of a
 * command twice that.
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

/** By the script's word for it. @param at the number of a line, or the path */
const REASONS: Readonly<Record<string, (at: string) => string>> = {
  'no-file': () => 'there is no such file',
  'not-a-file': () => 'that is no file',
  'leads-out': (at) => `${at} leads out of the volume`,
  'no-key': () => 'the file has no such key, or no value for it',
  'goes-on': (at) => `line ${at} goes on behind the closing quote`,
  'too-long': (at) => `line ${at} is too long`,
  'no-equals-sign': (at) => `line ${at} has no =`,
  'no-name': (at) => `line ${at} has no name before the =`,
  space: (at) => `line ${at} has a space before the =`,
  unquoted: (at) => `line ${at} has a value without single quotes`,
  'open-quote': (at) => `the quote that opens in line ${at} is not closed`,
  'value-too-long': () => 'the value is too long',
};

export const FILE_KEY_REPORTS: ReportTable = {
  [NO_VALUE]: {
    fields: 3,
    message: ([what = '', why = '', at = '']) => `${what}: ${REASONS[why]?.(at) ?? why}`,
    help: "An init container is to write such a file before: VARIABLE='value', one a line, each value in single quotes. With 'optional: true' the variable is left out where there is no value.",
  },
};
