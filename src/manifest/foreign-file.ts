import { basename, dirname, join } from 'node:path/posix';
import type { Diagnostic } from '../base/diagnostic.ts';
import { shellWord } from '../base/shell-word.ts';
import { chartWords, kustomizationWords, type Words } from './build-words.ts';
import { locateValue } from './locate.ts';
import type { SourceText } from './source-text.ts';
import { isNull, type YamlMap, type YamlNode } from './yaml/yaml-tree.ts';

/** Recognizes a text of another tool that is not YAML. */
export function explainForeignText({ file, text }: SourceText): Diagnostic | undefined {
  const found = unitWords(file, text) ?? containerfileWords(file, text) ?? pageWords(text);
  if (found === undefined) return undefined;
  const { message, help } = found;
  return { code: 'other-format', severity: 'error', message, help, location: { file, line: 1, column: 1 } };
}

/** The first line with more than a comment. */
function firstLine(text: string, isSkipped: RegExp): string {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? undefined : end).trim();
    if (line !== '' && !isSkipped.test(line)) return line;
    if (end === -1) break;
    start = end + 1;
  }
  return '';
}

/** The sections of systemd units. */
const SECTION = /^\[(?:Unit|Kube|Container|Pod|Volume|Network|Image|Build|Service|Install)\]$/;

/** https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html */
function unitWords(file: string, text: string): Words | undefined {
  if (!SECTION.test(firstLine(text, /^[#;]/))) return undefined;
  const yaml = valueOf(text, 'Yaml');
  const isKube = /^\[Kube\]/m.test(text);
  const message = isKube
    ? 'this is a Quadlet unit (.kube), not a Kubernetes manifest'
    : 'this is a systemd unit, not a Kubernetes manifest';
  if (isKube)
    return {
      message,
      help: `Use the manifest that its Yaml= names: podpose up ${shellWord(yaml === undefined ? 'FILE' : resolveFrom(file, yaml))}`,
    };
  const stem = basename(file).replace(/\.\w+$/, '');
  const name = valueOf(text, 'ContainerName') ?? valueOf(text, 'PodName') ?? `systemd-${stem}`;
  return /^\[(?:Container|Pod)\]/m.test(text)
    ? {
        message,
        help: `Write a manifest of what it runs: podman kube generate ${shellWord(name)} > pod.yaml`,
      }
    : { message, help: 'Use a file with Kubernetes objects, such as a Pod.' };
}

function valueOf(text: string, key: string): string | undefined {
  return new RegExp(`^${key}[ \\t]*=[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1]?.trim();
}

/** A path in a file, relative to the current directory as the file itself. */
function resolveFrom(file: string, path: string): string {
  return path.startsWith('/') || file === '-' ? path : join(dirname(file), path);
}

function containerfileWords(file: string, text: string): Words | undefined {
  if (!/^FROM \S/.test(firstLine(text, /^#|^ARG\s/))) return undefined;
  const directory = file === '-' ? '.' : dirname(file);
  return {
    message: 'this is a Containerfile, not a Kubernetes manifest',
    help: `Build its image, and name it as the image of a container: podman build -t localhost/NAME -f ${shellWord(file)} ${shellWord(directory)}`,
  };
}

function pageWords(text: string): Words | undefined {
  // The first one is compiled faster, as it does not ignore case.
  return /^\s*</.test(text) && /^\s*(?:<!doctype html|<html)/i.test(text)
    ? {
        message: 'this is a web page, not a Kubernetes manifest',
        help: 'Download the file itself: Git servers call its address raw.',
      }
    : undefined;
}

/** Recognizes a document of another tool: compose, kustomize, Helm. */
export function explainForeignDocument(source: SourceText, root: YamlNode): Diagnostic | undefined {
  if (root.type !== 'map') return undefined;
  const found = documentWords(source.file, root);
  if (found === undefined) return undefined;
  const { message, help } = found;
  return { code: 'other-format', severity: 'error', message, help, location: locateValue(source, root, []) };
}

function documentWords(file: string, root: YamlMap): Words | undefined {
  const directory = file === '-' ? '.' : dirname(file);
  const [apiVersion, kind] = [textOf(root, 'apiVersion'), textOf(root, 'kind')];
  if (apiVersion?.startsWith('kustomize.config.k8s.io/') === true) return kustomizationWords(directory);
  if (kind !== undefined) return undefined;
  if (/^kustomization\.ya?ml$|^Kustomization$/.test(basename(file)) || isKustomization(root))
    return kustomizationWords(directory);
  if (apiVersion !== undefined)
    return /^v[12]$/.test(apiVersion) && root.entries.has('version') && root.entries.has('name')
      ? chartWords(directory)
      : undefined;
  return isCompose(root) ? composeWords(file) : undefined;
}

function textOf(root: YamlMap, field: string): string | undefined {
  const value = root.entries.get(field)?.value;
  if (value === undefined || isNull(value)) return undefined;
  return value.type === 'scalar' ? String(value.value) : '';
}

/** kustomize takes a file without kind, too. */
function isKustomization(root: YamlMap): boolean {
  return ['resources', 'bases'].some((field) => {
    const list = root.entries.get(field)?.value;
    return (
      list?.type === 'list' &&
      list.items.length > 0 &&
      list.items.every((item) => item.type === 'scalar' && typeof item.value === 'string')
    );
  });
}

/** https://github.com/compose-spec/compose-spec; the first version had the services at the top. */
function isCompose(root: YamlMap): boolean {
  const services = root.entries.get('services')?.value;
  if (services?.type === 'map') return true;
  const values = [...root.entries.values()].map(({ value }) => value);
  return values.length > 0 && values.every(isService);
}

function isService(node: YamlNode): boolean {
  return node.type === 'map' && (node.entries.has('image') || node.entries.has('build'));
}

function composeWords(file: string): Words {
  return {
    message: 'this is a compose file, not a Kubernetes manifest',
    help: `Start it once with 'podman compose -f ${file === '-' ? 'FILE' : shellWord(file)} up -d'. Then 'podman kube generate CONTAINER... > pod.yaml' writes a manifest of its containers.`,
  };
}
