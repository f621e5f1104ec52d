import { podpose, podText, type SoakContext } from './support.ts';

/** A new pod of three containers that start in parallel: none may fail because of the state of another one. */
export async function cold(context: SoakContext): Promise<void> {
  const file = await context.manifest(podText(context.pod, { containers: 3, graceSeconds: 0 }));
  const { exitCode, stderr } = await podpose(['-p', context.pod, 'up', '-d', file]).end;
  if (exitCode !== 0) context.fault(`up -d ended with ${exitCode}:\n${stderr}`);
  const down = await podpose(['-p', context.pod, 'down']).end;
  if (down.exitCode !== 0) context.fault(`down ended with ${down.exitCode}:\n${down.stderr}`);
}
