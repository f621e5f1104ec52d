import { join, relative } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { shellWord } from '../base/shell-word.ts';
import { chartWords, KUSTOMIZATION_NAMES } from '../manifest/build-words.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import {
  succeeded,
  type ProcessEnd,
  type ProcessOutput,
  type ProcessRunner,
  type RunnerSettings,
} from '../platform/process.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';
import { isManifestName, listDirectory } from './manifest-directory.ts';

/** The programs that build a kustomization, the preferred one first: kubectl has an older kustomize in it. */
const BUILDERS = [
  { program: 'kustomize', args: ['build'] },
  { program: 'kubectl', args: ['kustomize'] },
] as const;

type Builder = (typeof BUILDERS)[number];

type Runner = Pick<ProcessRunner, 'query'>;

interface Platform extends Pick<EnginePlatform, 'cwd' | 'env' | 'files'> {
  readonly createRunner: (settings: RunnerSettings) => Runner;
}

/**
 * Builds the kustomization in a directory with the user's kustomize or kubectl. The source has the name of the
 * kustomization file, the base of relative paths in it, and what the program prints as its text.
 */
export async function buildKustomization(
  platform: Platform,
  directory: string,
): Promise<Result<ManifestSource>> {
  const file = await kustomizationFile(platform, directory);
  if (!file.ok) return file;
  const runner = platform.createRunner({ env: platform.env });
  for (const builder of BUILDERS) {
    const end = await runner.query(builder.program, [...builder.args, argumentOf(directory)]);
    if (isMissing(end)) continue;
    if (!succeeded(end)) return failure([await buildFailed(runner, builder, directory, end)]);
    if (end.stdout.trim() === '') return failure([nothingBuilt(builder, directory)]);
    return success({ file: file.value, text: end.stdout, built: { warnings: warningsIn(end.stderr) } });
  }
  return failure([builderMissing(directory)]);
}

/** A name that begins with a dash would be an option. */
function argumentOf(directory: string): string {
  return directory.startsWith('-') ? `./${directory}` : directory;
}

function isMissing(end: ProcessEnd): boolean {
  return end.kind === 'not-started' && end.reason === 'not-found';
}

/** The path of the kustomization file as the user would write it. */
async function kustomizationFile(platform: Platform, directory: string): Promise<Result<string>> {
  if (REMOTE.test(directory)) return failure([remote(directory)]);
  const path = directory.startsWith('/') ? directory : join(platform.cwd, directory);
  const type = platform.files.typeOf(path);
  if (type === 'absent')
    return failure([
      { code: 'file-missing', severity: 'error', message: `${directory}: no such file or directory` },
    ]);
  if (type !== 'directory') return failure([notDirectory(directory)]);
  const entries = await listDirectory(platform, directory, path);
  if (!entries.ok) return entries;
  const name = KUSTOMIZATION_NAMES.find((one) => entries.value.includes(one));
  return name === undefined
    ? failure([noKustomization(directory, entries.value)])
    : success(join(directory, name));
}

/** What kustomize would fetch: a URL, or a path of a Git host with a query. */
const REMOTE = /^(?:[a-z+]+:\/\/|git::|git@)|\?(?:ref|version|timeout|submodules)=/;

function remote(directory: string): Diagnostic {
  return usageError(
    'file-is-url',
    `${directory}: -k takes a directory, no URL`,
    `Build it: kustomize build ${shellWord(directory)} | podpose up -`,
  );
}

function notDirectory(path: string): Diagnostic {
  const parent = relative('', join(path, '..')) || '.';
  return usageError(
    'file-type',
    `${path}: not a directory`,
    `-k takes the directory of a kustomization: podpose up -k ${shellWord(parent)}`,
  );
}

function noKustomization(directory: string, entries: readonly string[]): Diagnostic {
  if (entries.includes('Chart.yaml')) {
    const { message, help } = chartWords(directory);
    return { code: 'other-format', severity: 'error', message: `${directory}: ${message}`, help };
  }
  return usageError(
    'kustomize-failed',
    `${directory}: none of ${KUSTOMIZATION_NAMES.join(', ')} in this directory`,
    entries.some(isManifestName)
      ? `Without -k, podpose reads its manifests: podpose up ${shellWord(directory)}`
      : 'Name the directory of a kustomization.',
  );
}

function builderMissing(directory: string): Diagnostic {
  return usageError(
    'kustomize-missing',
    `${directory}: neither 'kustomize' nor 'kubectl' is installed, and one of them builds the kustomization`,
    "Install kustomize (https://kubectl.docs.kubernetes.io/installation/kustomize/) or kubectl, or pipe what it prints on another machine to 'podpose up -'.",
  );
}

function nothingBuilt(builder: Builder, directory: string): Diagnostic {
  return usageError(
    'kustomize-failed',
    `'${commandOf(builder, directory)}' printed no object`,
    "List manifests in its 'resources'.",
  );
}

function commandOf({ program, args }: Builder, directory: string, ...flags: readonly string[]): string {
  return [program, ...args, ...flags, shellWord(argumentOf(directory))].join(' ');
}

async function buildFailed(
  runner: Runner,
  builder: Builder,
  directory: string,
  end: ProcessEnd & ProcessOutput,
): Promise<Diagnostic> {
  const words = wordsOf(end);
  const help = (await oldKubectlHelp(runner, builder)) ?? flagHelp(builder, directory, words);
  return {
    code: 'kustomize-failed',
    severity: 'error',
    message: `'${commandOf(builder, directory)}' failed: ${words}`,
    ...(help === undefined ? {} : { help }),
  };
}

/** What the program printed, or how it ended. */
function wordsOf(end: ProcessEnd & ProcessOutput): string {
  const printed = withoutFrame(end.stderr.trim());
  if (printed !== '') return printed;
  switch (end.kind) {
    case 'exited':
      return `exit code ${end.exitCode}`;
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'timed-out':
      return `no end after ${end.seconds} s`;
    case 'not-started':
      return end.message;
  }
}

/** Without what klog and cobra add: `E1129 07:53:51.333053 20784 run.go:72] "command failed" err="..."`, or `err=<` with lines. */
function withoutFrame(text: string): string {
  const [, quoted, lines] =
    /^E\d{4} [^\]]*\] "command failed" err=(?:"(.*)"|<\n([^]*?)\n? ?>)$/s.exec(text) ?? [];
  const words = quoted?.replace(/\\(["\\])/g, '$1') ?? lines?.replace(/^\t/gm, '') ?? text;
  return words.replace(/^error: /i, '').trim();
}

/** What kustomize allows only with a flag. */
function flagHelp(builder: Builder, directory: string, words: string): string | undefined {
  if (words.includes('is not in or below'))
    return `kustomize reads other directories only if they are kustomizations. To allow it: ${commandOf(builder, directory, '--load-restrictor', 'LoadRestrictionsNone')} | podpose up -`;
  if (words.includes('--enable-helm'))
    return `To have it render the chart with helm: ${commandOf(builder, directory, '--enable-helm')} | podpose up -`;
  return undefined;
}

/** The first minor version of kubectl with kustomize 4. Those before it have 2.0.3 of 2019. */
const NEW_KUBECTL = 21;

async function oldKubectlHelp(runner: Runner, { program }: Builder): Promise<string | undefined> {
  if (program !== 'kubectl') return undefined;
  const { stdout } = await runner.query(program, ['version', '--client']);
  const [version, minor] = /v1\.(\d+)[.\d]*/.exec(stdout) ?? [];
  return version === undefined || Number(minor) >= NEW_KUBECTL
    ? undefined
    : `kubectl ${version} has kustomize 2.0.3, which takes directories under 'bases', not under 'resources', and does not know newer fields. Install a current kustomize: podpose prefers it to kubectl.`;
}

/** `# Warning: 'bases' is deprecated. ...` */
function warningsIn(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^#?\s*(?:warning:\s*)?/i, '').trim())
    .filter((line) => line !== '');
}
