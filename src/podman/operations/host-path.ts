import type { Definitions } from './definition.ts';

export type HostPathOperation = MakeHostPath;

export interface MakeHostPath {
  readonly kind: 'make-host-path';
  readonly path: string;
  readonly what: 'directory' | 'file';
}

export const HOST_PATH_OPERATIONS: Definitions<HostPathOperation> = {
  'make-host-path': {
    command: ({ path, what }) =>
      what === 'directory'
        ? { program: 'mkdir', args: ['-p', '-m', '0755', path] }
        : { program: 'touch', args: [path] },
    describe: ({ path }) => `create ${path}`,
    words: ({ path }) => ({
      subject: path,
      doing: 'creating',
      done: 'created',
      isInternal: true,
      result: 'made',
    }),
    target: () => ({}),
  },
};
