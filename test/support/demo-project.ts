import { parseAllDocuments } from 'yaml';
import { isObject } from '../../src/base/json-members.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { planProject } from '../../src/engine/plan-project.ts';
import type { ObservedCase } from './observed-case.ts';
import { testEngine } from './platform.ts';
import { answeringPodman, type PodmanState } from './podman-state.ts';

/** What a case says of its machine. */
export type CaseMachine = Pick<ObservedCase, 'paths' | 'cannotLimit' | 'resolvConf'>;

/** The engine in the directory of a project with one file, over a podman in this state. */
export function demoEngine(
  text: string,
  state: PodmanState,
  { paths = {}, cannotLimit = [], resolvConf }: CaseMachine,
): Engine {
  return testEngine(
    {
      files: {
        '/home/ann/demo/pod.yaml': text,
        ...(resolvConf === undefined ? {} : { '/etc/resolv.conf': resolvConf }),
      },
      paths: { '/usr/sbin/nft': 'file', ...paths },
      cwd: '/home/ann/demo',
    },
    answeringPodman(state, undefined, cannotLimit),
  ).engine;
}

/** The plan of that project. */
export function planDemo(
  text: string,
  state: PodmanState,
  machine: CaseMachine,
): ReturnType<typeof planProject> {
  return planProject(demoEngine(text, state, machine), {
    ...{ files: ['pod.yaml'], project: 'demo', hostIP: undefined },
    ...{ forceRecreate: false, removeOrphans: false, adopt: false },
  });
}

/** The objects of a text, those of Lists, too. */
export function objectsIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .flatMap((value) =>
      isObject(value) && value['kind'] === 'List' ? (value['items'] as unknown[]) : [value],
    )
    .filter(isObject);
}
