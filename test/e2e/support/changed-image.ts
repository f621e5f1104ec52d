import { BUSYBOX } from './images.ts';
import { podman } from './podman.ts';
import type { Scenario } from './scenario.ts';

/** An image of busybox with something of it changed, which goes with the scenario. */
export async function imageWith({ id, after }: Scenario, ...changes: readonly string[]): Promise<string> {
  const [image, container] = [`localhost/${id}:1`, `${id}-image`];
  await podman('create', '--name', container, BUSYBOX);
  await podman('commit', '--quiet', ...changes.flatMap((change) => ['--change', change]), container, image);
  await podman('rm', container);
  after(() => podman('rmi', '--force', image));
  return image;
}
