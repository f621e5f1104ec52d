import { dirname, resolve } from 'node:path/posix';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import type { PodObject } from './pod-object.ts';
import type { SourcedPod } from './pod-set.ts';
import { translatePod } from './translate/pod.ts';

export interface DesiredPodsOptions {
  /** Where a `hostPort` without a `hostIP` listens. */
  readonly defaultHostIP: string;
  /** Absolute: relative names of manifests start here, and it is the folder of one from standard input. */
  readonly currentFolder: string;
}

export interface DesiredPods {
  /** Every pod in which nothing is wrong, in the order of the manifests. */
  readonly pods: readonly SourcedPod[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks what the objects of one set mean, each for itself and all together, and says what they ask for. */
export function desiredPods(documents: readonly CheckedDocument[], options: DesiredPodsOptions): DesiredPods {
  const pods = documents.filter((document): document is PodObject => document.kind === 'Pod');
  return { pods: pods.flatMap((pod) => translate(pod, options)), diagnostics: [] };
}

function translate(pod: PodObject, options: DesiredPodsOptions): readonly SourcedPod[] {
  if (pod.complete === undefined) return [];
  const desired = translatePod(pod.complete, {
    defaultHostIP: options.defaultHostIP,
    manifestFolder: manifestFolder(pod.file, options.currentFolder),
  });
  return [{ pod: desired, locate: pod.locate }];
}

function manifestFolder(file: string, currentFolder: string): string {
  return file === '-' ? currentFolder : resolve(currentFolder, dirname(file));
}
