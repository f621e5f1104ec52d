import { podpose, type SoakContext } from './support.ts';

/** A container that exits at once, beside one that runs: `up -d` must report it in each round, with the same words. */
export async function endsAtOnce(context: SoakContext): Promise<void> {
  const { pod, fault } = context;
  const file = await context.manifest(`apiVersion: v1
kind: Pod
metadata: { name: ${pod} }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - { name: app, image: 'docker.io/library/busybox:1.36', command: [sh, -c, 'exit 3'] }
  - { name: side, image: 'docker.io/library/busybox:1.36', command: [sleep, '3600'] }
`);
  const { exitCode, stderr } = await podpose(['-p', pod, 'up', '-d', file]).end;
  const expected = `error: pod/${pod} container/app failed with exit code 3 and is being restarted (restartPolicy: Always)`;
  const errors = stderr.split('\n').filter((line) => line.startsWith('error:'));
  if (exitCode !== 1 || errors.join() !== expected) fault(`up -d ended with ${exitCode}:\n${stderr}`);
  const down = await podpose(['-p', pod, 'down']).end;
  if (down.exitCode !== 0) fault(`down ended with ${down.exitCode}:\n${down.stderr}`);
}
