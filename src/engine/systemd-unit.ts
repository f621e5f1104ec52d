/** A systemd user unit that runs the pods of a project: `podpose up` that follows the logs. */
export interface UnitSpec {
  readonly project: string;
  /** podpose and its arguments. The first word is an absolute path. */
  readonly command: readonly string[];
  /** An absolute path. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The longest grace period of the pods. */
  readonly graceSeconds: number;
  /** Whether a container of the pods may fail for good, which `podpose up` exits with: another `up` would run it again. */
  readonly mayFail: boolean;
}

/** The first line of each unit that podpose has written. */
const MARK = "# Written by 'podpose install', which overwrites changes. 'podpose uninstall' removes it.";

/** The unit's name; a project name needs no escapes. */
export function unitName(project: string): string {
  return `podpose-${project}.service`;
}

export function isOwnUnit(text: string): boolean {
  return text.split('\n', 1)[0] === MARK;
}

/** For podpose to stop the pods and to end, in seconds. */
const TO_END_SECONDS = 30;

/**
 * The text of the unit (systemd.service(5), systemd.exec(5), systemd.kill(5)).
 *
 * - `Type=notify`: `systemctl start` returns when all pods are up, and fails if they are not.
 * - `KillMode=process`: podpose stops the pods. If it is killed, helpers of running containers must stay.
 * - A wrong manifest (2) stays wrong; a stop ends podpose with 130.
 */
export function unitText({
  project,
  command,
  workingDirectory,
  environment,
  graceSeconds,
  mayFail,
}: UnitSpec): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
  );
  return [
    MARK,
    '[Unit]',
    `Description=Pods of podpose project ${project}`,
    'StartLimitIntervalSec=600',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    ...(isLine(workingDirectory) ? [`WorkingDirectory=${withoutSpecifiers(workingDirectory)}`] : []),
    ...variables,
    `ExecStart=${commandLine(command)}`,
    'KillMode=process',
    'SuccessExitStatus=130',
    `Restart=${mayFail ? 'on-abnormal' : 'on-failure'}`,
    'RestartSec=10',
    'RestartPreventExitStatus=2',
    'TimeoutStartSec=infinity',
    `TimeoutStopSec=${graceSeconds + TO_END_SECONDS}`,
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** The program is no subject to the expansion of variables (config_parse_exec in load-fragment.c), its arguments are. */
function commandLine([program = '', ...args]: readonly string[]): string {
  return [quoted(program), ...args.map((arg) => quoted(arg.replaceAll('$', '$$$$')))].join(' ');
}

/** One word in the syntax of systemd.syntax(7), without specifiers. */
function quoted(word: string): string {
  const text = withoutSpecifiers(word);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replace(SPECIAL, escaped)}"`;
}

function withoutSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

const SPECIAL = /[\\"\u0000-\u001f\u007f]/g;

function escaped(character: string): string {
  if (character === '\\' || character === '"') return `\\${character}`;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Whether a setting without quotes can have this value. A unit without WorkingDirectory begins in the home directory. */
function isLine(text: string): boolean {
  return text.trim() === text && !text.endsWith('\\') && !text.match(SPECIAL)?.some((one) => one < ' ');
}
