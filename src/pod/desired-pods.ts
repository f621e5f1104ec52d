import { dirname, resolve } from 'node:path/posix';
import { isError, sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { checkPod, checkPodSet } from './checks/all.ts';
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
  /** Every pod in which nothing is wrong by itself, in the order of the manifests. */
  readonly pods: readonly SourcedPod[];
  /** What is wrong or worth knowing, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks what the objects of one set mean, each for itself and all together, and says what they ask for. */
export function desiredPods(documents: readonly CheckedDocument[], options: DesiredPodsOptions): DesiredPods {
  const pods: readonly PodObject[] = documents;
  const checked = pods.map((pod) => ({ pod, diagnostics: checkPod(pod) }));
  return {
    pods: checked.flatMap(({ pod, diagnostics }) =>
      diagnostics.some(isError) ? [] : translate(pod, options),
    ),
    diagnostics: sortDiagnostics([
      ...checked.flatMap(({ diagnostics }) => diagnostics),
      ...checkPodSet(pods, options.defaultHostIP),
    ]),
  };
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
