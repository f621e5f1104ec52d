import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { layOut, layOutInNamespace } from './support/examples.ts';
import { eventually } from './support/eventually.ts';
import { askHost, fetchText, get, getUntil, outsideServer } from './support/network.ts';
import { containerState, exec, podman, tryPodman } from './support/podman.ts';
import { assertNothingLeft, ROOT, scenario, type Scenario } from './support/scenario.ts';

/** What all examples have in common: they come up, and go away without a trace, and without using up their grace period. */
async function run(story: Scenario, look: () => Promise<void>): Promise<void> {
  const { step, ok } = story;
  await step('up brings it up', () => ok('up', '-d'));
  await look();
  await step('down leaves nothing, and is quick about it', async () => {
    const { milliseconds } = await ok('down');
    assert.ok(milliseconds < 20_000, `down took ${milliseconds} ms`);
    await assertNothingLeft(story);
  });
}

scenario('hello: an init container writes a page, a web server shows it', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'hello');
  await run(story, async () => {
    await step('the page that the init container wrote is served', async () => {
      assert.match(await fetchText(url), /Hello from a pod/);
    });
    await step('the init container had ended before the web server began', async () => {
      const [init, web] = await Promise.all([
        containerState(`${id}-write-page`),
        containerState(`${id}-web`),
      ]);
      assert.equal(init.exitCode, 0);
      assert.ok(init.finishedAt <= web.startedAt);
    });
  });
});

scenario('two-containers: debian writes a page into a shared volume, nginx serves it', async (story) => {
  const { id, step, ok } = story;
  const { url } = await layOut(story, 'two-containers');
  await run(story, async () => {
    await step('nginx serves what debian wrote', async () => {
      assert.equal(await fetchText(url), 'Hello from the debian container\n');
    });
    await step('debian has ended well, and another up leaves it so', async () => {
      const before = await containerState(`${id}-debian`);
      assert.deepEqual([before.status, before.exitCode], ['exited', 0]);
      await ok('up', '-d');
      assert.deepEqual(await containerState(`${id}-debian`), before);
    });
  });
});

scenario('javaweb: an init container brings a WAR, a real Tomcat deploys it', async (story) => {
  const { step } = story;
  const { url } = await layOut(story, 'javaweb');
  await step("the application's image is built by the command in the README", () =>
    podman('build', '-t', 'localhost/sample:v2', `${story.directory}/sample`),
  );
  await run(story, async () => {
    await step('the JSP of the WAR is run by Tomcat', async () => {
      const page = await fetchText(`${url}/sample/`, 90);
      assert.match(page, /Hello from sample\.war/);
      assert.match(page, /Apache Tomcat\/10\.1/);
    });
  });
});

scenario('log-collector: a sidecar ships on what the app writes to a file', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'log-collector');
  await run(story, async () => {
    await step('a request is answered', async () => {
      await getUntil(`${url}/where-is-my-log`, ({ status }) => status === 404);
    });
    await step('its log line comes out of the sidecar, with the name of the pod', async () => {
      const line = await eventually('the line in the log', async () =>
        (await podman('logs', `${id}-collector`))
          .split('\n')
          .find((text) => text.includes('/where-is-my-log')),
      );
      assert.ok(line.startsWith(`${id} access.log: `), line);
    });
    await step("the app's own output has it not", async () => {
      assert.doesNotMatch(await podman('logs', `${id}-app`), /where-is-my-log/);
    });
  });
});

scenario('proxy: the app reaches an outside service through the ambassador only', async (story) => {
  const { id, step, after } = story;
  const outside = await outsideServer(({ url, headers }) => `${url ?? ''} via ${headers.via ?? 'nobody'}`);
  after(outside.close);
  const { url } = await layOut(story, 'proxy', { UPSTREAM: outside.url });
  await run(story, async () => {
    await step(
      'the app hands out what the service said, and the service heard it from the ambassador',
      async () => {
        const { text } = await getUntil(`${url}/quote`, ({ status }) => status === 200);
        assert.equal(text, 'The app got this from outside:\n/quote via 1.1 ambassador');
      },
    );
    await step("the app's container knows nothing of the service's address", async () => {
      assert.doesNotMatch(await exec(`${id}-app`, 'env'), /UPSTREAM/);
    });
    await step('without the ambassador there is no way out', async () => {
      await podman('stop', '--time', '5', `${id}-ambassador`);
      assert.equal((await get(`${url}/quote`)).status, 502);
    });
  });
});

scenario('adapter: /metrics of the app becomes /healthz', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'adapter');
  await run(story, async () => {
    await step('an app that keeps up is healthy', async () => {
      const { text } = await getUntil(`${url}/healthz`, ({ status }) => status === 200);
      assert.deepEqual(JSON.parse(text), { healthy: true, queueLength: 3 });
    });
    await step('an app whose queue grows is not', async () => {
      await exec(`${id}-app`, 'touch', '/tmp/slow');
      const { text } = await getUntil(`${url}/healthz`, ({ status }) => status === 503);
      assert.match(text, /"healthy":false,"queueLength":\d{3}/);
    });
    await step('and is healthy again when it has caught up', async () => {
      await exec(`${id}-app`, 'rm', '/tmp/slow');
      await getUntil(`${url}/healthz`, ({ status }) => status === 200);
    });
  });
});

scenario('ghost-behind-nginx: a reverse proxy, and one process namespace for both', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'ghost-behind-nginx');
  await run(story, async () => {
    await step('the blog answers through nginx', async () => {
      const { headers, text } = await getUntil(`${url}/hello`, ({ status }) => status === 200);
      assert.match(headers.get('server') ?? '', /^nginx/);
      assert.equal(headers.get('x-powered-by'), 'Ghost');
      assert.match(text, /<p>\/hello for /);
    });
    for (const container of ['nginx', 'ghost'])
      await step(`PID 1 is the pause process, and ${container} sees the processes of both`, async () => {
        assert.equal(await exec(`${id}-${container}`, 'cat', '/proc/1/comm'), 'catatonit\n');
        const processes = await exec(`${id}-${container}`, 'sh', '-c', 'cat /proc/[0-9]*/comm');
        assert.match(processes, /^nginx$/m);
        assert.match(processes, /^node$/m);
      });
  });
});

scenario('file-puller: a sidecar keeps fresh what the web server shows', async (story) => {
  const { step, after } = story;
  let page = 'the first page';
  const source = await outsideServer(() => page);
  after(source.close);
  const { url } = await layOut(story, 'file-puller', { SOURCE: source.url });
  await run(story, async () => {
    await step('nginx shows the page of the source', async () => {
      assert.equal(await fetchText(url), 'the first page');
    });
    await step('when the source changes, nginx shows the new page', async () => {
      page = 'the second page';
      await getUntil(url, ({ text }) => text === 'the second page');
    });
    await step('when the source is away, nginx shows the last page', async () => {
      source.close();
      await sleep(2500);
      assert.equal(await fetchText(url), 'the second page');
    });
  });
});

scenario('members-page: settings, a password, and data that outlives the pod', async (story) => {
  const { id, step, file, ok, directory, after } = story;
  const { url } = await layOut(story, 'members-page');
  after(() => tryPodman('volume', 'rm', '--force', 'members-page'));
  const change = async (from: string, to: string) => {
    const text = await readFile(join(directory, 'pod.yaml'), 'utf8');
    assert.ok(text.includes(from), from);
    await file('pod.yaml', text.replace(from, to));
  };
  const starts = async (credentials?: string) => get(`${url}/members/starts`, credentials);
  await step('up brings it up', () => ok('up', '-d'));
  await step('the motto is public, the rest is for members', async () => {
    assert.equal(await fetchText(`${url}/public/motto.txt`), 'The early bird catches the worm.\n');
    assert.equal((await starts()).status, 401);
    assert.equal((await starts('ann:wrong')).status, 401);
    assert.equal((await starts('ann:let-me-in')).text, '1\n');
  });
  await step('another motto is there at once, and no container notices', async () => {
    const before = await containerState(`${id}-web`);
    await change('The early bird catches the worm.', 'The second mouse gets the cheese.');
    assert.match((await ok('plan')).stdout, /volume\/settings/);
    await ok('up', '-d');
    assert.equal(await fetchText(`${url}/public/motto.txt`), 'The second mouse gets the cheese.\n');
    assert.deepEqual(await containerState(`${id}-web`), before);
  });
  await step('another password is, too, and nobody is shown it', async () => {
    const before = await containerState(`${id}-web`);
    await change('let-me-in', 'open-up');
    const plan = await ok('plan');
    assert.ok(!plan.stdout.includes('open-up') && plan.stdout.includes('***(after)'), plan.stdout);
    await ok('up', '-d');
    assert.equal((await starts('ann:let-me-in')).status, 401);
    assert.equal((await starts('ann:open-up')).status, 200);
    assert.deepEqual(await containerState(`${id}-web`), before);
  });
  await step('other settings of nginx replace the container', async () => {
    const before = await containerState(`${id}-web`);
    await change('Members only', 'Friends only');
    await ok('up', '-d');
    const { headers } = await getUntil(`${url}/members/`, ({ status }) => status === 401);
    assert.equal(headers.get('www-authenticate'), 'Basic realm="Friends only"');
    assert.notEqual((await containerState(`${id}-web`)).id, before.id);
  });
  await step('the data outlives the pod', async () => {
    await ok('down');
    await ok('up', '-d');
    await fetchText(`${url}/public/motto.txt`);
    assert.equal((await starts('ann:open-up')).text, '2\n');
  });
  await step('down --volumes leaves nothing', async () => {
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
});

scenario('probed-web: ready when it has started, restarted when it hangs', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'probed-web');
  const until = (columns: RegExp) =>
    eventually(`${columns.source} in ps`, async () => {
      const { stdout } = await story.ok('ps');
      return columns.test(stdout) || undefined;
    });
  await run(story, async () => {
    await step('it is ready after its startup probe', async () => {
      await until(new RegExp(`^${id} +1/1 +Running +0 `, 'm'));
      assert.equal((await get(`${url}/started`)).status, 200);
    });
    await step('busy, it is not ready, and is not restarted', async () => {
      await get(`${url}/busy`);
      await until(new RegExp(`^${id} +0/1 +Running +0 `, 'm'));
      await get(`${url}/idle`);
      await until(new RegExp(`^${id} +1/1 +Running +0 `, 'm'));
    });
    await step('hanging, it is restarted, and ready again', async () => {
      await get(`${url}/hang`);
      await until(new RegExp(`^${id} +1/1 +Running +1 `, 'm'));
    });
  });
});

scenario('sidecar-proxy: what needs the sidecar starts after it, and stops before it', async (story) => {
  const { id, step } = story;
  const { url } = await layOut(story, 'sidecar-proxy');
  await run(story, async () => {
    await step('the init container and the server have reached the proxy', async () => {
      assert.equal(await fetchText(`${url}/greeting`), 'message 1 through the proxy\n');
      assert.equal(await fetchText(`${url}/messages`), 'message 2 through the proxy\n');
    });
    await step('ended, it is restarted, and the server goes on', async () => {
      const before = await containerState(`${id}-web`);
      await get(`${url}/crash`);
      await eventually('it is connected again', async () =>
        (await fetchText(`${url}/ready`)) === 'connected\n' ? true : undefined,
      );
      const text = await fetchText(`${url}/messages`);
      assert.equal(text, 'message 1 through the proxy\n', 'it counts from 1 again');
      assert.deepEqual(await containerState(`${id}-web`), before);
    });
  });
});

/** Examples without a pod or a port: podpose names their objects as they are. */
async function layOutAsIs(story: Scenario, example: string): Promise<void> {
  await story.file('pod.yaml', await readFile(join(ROOT, 'examples', example, 'pod.yaml'), 'utf8'));
}

scenario('import-job: each pod of a Job adds up what its init container has written', async (story) => {
  const { step, ok } = story;
  await layOutAsIs(story, 'import-job');
  await run(story, async () => {
    await step('both pods complete', () => ok('up', '-d', '--wait', '--timeout', '120s'));
    await step('each has its half', async () => {
      const { stdout } = await ok('logs', '--no-prefix');
      assert.match(stdout, /^half 0 is 30$/m);
      assert.match(stdout, /^half 1 is 25$/m);
    });
  });
});

scenario('nightly-report: a CronJob runs now', async (story) => {
  const { step, ok, id } = story;
  await layOutAsIs(story, 'nightly-report');
  await run(story, async () => {
    await step('the Job completes', () => ok('run', 'cronjob/nightly-report', '-p', id, '--wait'));
    await step('the report is in the log', async () => {
      assert.match(
        (await ok('logs', 'cronjob/nightly-report', '--no-prefix')).stdout,
        /^Report of nightly-report-run-1/m,
      );
    });
  });
});

scenario('three-tier: a page behind an Ingress, three replicas of an API, PostgreSQL', async (story) => {
  const { id, step, ok, directory } = story;
  const manifest = await layOutInNamespace(story, 'three-tier');
  await step("the API's image is built by the command in the README", () =>
    podman('build', '-t', 'localhost/notes-api:1', `${directory}/api`),
  );
  const port = await step('up --wait brings it up, and prints where the page is', async () => {
    const image = ['--ingress-image', 'docker.io/library/nginx:1.27'];
    const { stderr } = await ok('up', '-d', '--wait', ...image, manifest);
    const [, found] = /^http:\/\/notes\.localhost:(\d+)\/ → ing\//m.exec(stderr) ?? [];
    assert.ok(found !== undefined, stderr);
    return Number(found);
  });
  const ask = (path: string, body?: string) => askHost('notes.localhost', port, path, body);
  await step('the page is served, with the notes of the database', async () => {
    // At once: up --wait ends when the endpoints of the Services are the pods that are ready.
    const page = await ask('/');
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /<h1>Notes<\/h1>/);
    assert.equal((await ask('/api/notes')).text, '[{"id":1,"text":"the first note"}]\n');
    assert.equal((await ask('/api/notes', 'the second note')).text, '{"id":2,"text":"the second note"}\n');
  });
  await step('all three replicas answer', async () => {
    const seen = new Set<string>();
    await eventually('three host names', async () => {
      seen.add((await ask('/api/notes')).headers.get('x-served-by') ?? '');
      return seen.size === 3 || undefined;
    });
  });
  await step('containers have the variables of the Services of their namespace', async () => {
    const names = (await podman('ps', '--format', '{{.Names}}')).split('\n');
    const web = names.find((name) => name.startsWith(`${id}_web-`) && name.endsWith('-nginx')) ?? '';
    const env = await exec(web, 'env');
    const [, address = ''] = /^API_SERVICE_HOST=(.*)$/m.exec(env) ?? [];
    assert.match(env, new RegExp(`^API_PORT_80_TCP=tcp://${address}:80$`, 'm'));
    assert.match(await exec(web, 'curl', '--silent', `http://${address}/api/notes`), /the first note/);
    assert.doesNotMatch(env, /^DB_SERVICE_HOST=/m);
  });
  await step('down --volumes leaves nothing', async () => {
    await ok('down', '--volumes', '--yes', manifest);
    await assertNothingLeft(story);
  });
});
