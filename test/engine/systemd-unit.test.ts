import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnUnit, unitName, unitText, type UnitSpec } from '../../src/engine/systemd-unit.ts';

const SPEC: UnitSpec = {
  project: 'web',
  command: ['/usr/bin/node', '/opt/podpose.js', '--project', 'web', 'up', '--file', '/home/ann/web/pod.yaml'],
  workingDirectory: '/home/ann/web',
  environment: { PATH: '/usr/local/bin:/usr/bin', PODPOSE_WATCH: 'off' },
  graceSeconds: 45,
  mayFail: false,
};

void test('the unit of a project', () => {
  assert.equal(unitName('web'), 'podpose-web.service');
  assert.equal(
    unitText(SPEC),
    `# Written by 'podpose install', which overwrites changes. 'podpose uninstall' removes it.
[Unit]
Description=Pods of podpose project web
StartLimitIntervalSec=600
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=all
WorkingDirectory=/home/ann/web
Environment=PATH=/usr/local/bin:/usr/bin
Environment=PODPOSE_WATCH=off
ExecStart=/usr/bin/node /opt/podpose.js --project web up --file /home/ann/web/pod.yaml
KillMode=process
SuccessExitStatus=130
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2
TimeoutStartSec=infinity
TimeoutStopSec=75

[Install]
WantedBy=default.target
`,
  );
});

void test('a unit is recognized by its first line', () => {
  assert.ok(isOwnUnit(unitText(SPEC)));
  for (const other of ['', '[Unit]\n', `\n${unitText(SPEC)}`, `${unitText(SPEC).split('\n', 1)[0] ?? ''}!`])
    assert.ok(!isOwnUnit(other));
});

void test('systemd does not run a container again that has failed for good', () => {
  assert.match(unitText({ ...SPEC, mayFail: true }), /^Restart=on-abnormal$/m);
});

/** A word of the command, and of a variable: systemd expands variables in arguments only, and specifiers everywhere. */
const WORDS: readonly (readonly [word: string, argument: string, variable: string])[] = [
  ['/a/b-c_d.yaml', '/a/b-c_d.yaml', 'A=/a/b-c_d.yaml'],
  ['', '""', 'A='],
  ['a b', '"a b"', '"A=a b"'],
  ["it's", '"it\'s"', '"A=it\'s"'],
  ['say "hi"', '"say \\"hi\\""', '"A=say \\"hi\\""'],
  ['100%h', '100%%h', 'A=100%%h'],
  ['$HOME', '"$$HOME"', '"A=$HOME"'],
  ['${HOME}', '"$${HOME}"', '"A=${HOME}"'],
  ['back\\slash\\', '"back\\\\slash\\\\"', '"A=back\\\\slash\\\\"'],
  ['two\nlines\t', '"two\\x0alines\\x09"', '"A=two\\x0alines\\x09"'],
  [';', '";"', '"A=;"'],
  ['grüße', '"grüße"', '"A=grüße"'],
  ['#x', '"#x"', '"A=#x"'],
];

void test('words are quoted for systemd', () => {
  for (const [word, argument, variable] of WORDS) {
    const text = unitText({ ...SPEC, command: ['/bin/echo', word, 'end'], environment: { A: word } });
    assert.ok(text.includes(`\nExecStart=/bin/echo ${argument} end\n`), argument);
    assert.ok(text.includes(`\nEnvironment=${variable}\n`), variable);
  }
  const odd = unitText({ ...SPEC, command: ['/opt/$node 1%/node', 'x'] });
  assert.match(odd, /^ExecStart="\/opt\/\$node 1%%\/node" x$/m);
});

void test('a working directory is a line without quotes', () => {
  const directories: readonly (readonly [string, string | undefined])[] = [
    ['/a b/"c" $d', '/a b/"c" $d'],
    ['/100%', '/100%%'],
    ['/ends with a space ', undefined],
    ['/ends with a backslash\\', undefined],
    ['/two\nlines', undefined],
  ];
  for (const [workingDirectory, line] of directories) {
    const [, found] = /^WorkingDirectory=(.*)$/m.exec(unitText({ ...SPEC, workingDirectory })) ?? [];
    assert.equal(found, line);
  }
});
