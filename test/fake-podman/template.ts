// The required part of Go templates: members, members as JSON, and parts of a text.

/** @param template `{{.State.Status}}` and `{{index (split .Config.User ":") 0}}`, with text around them */
export function renderTemplate(template: string, value: object): string {
  return template.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) =>
    show(evaluate(expression, value)),
  );
}

function evaluate(expression: string, value: object): unknown {
  const part = /^index \(split (\.[\w.]+) "(.*)"\) (\d+)$/.exec(expression);
  if (part !== null) {
    const [, member = '', separator = '', index = ''] = part;
    return String(evaluate(member, value)).split(separator)[Number(index)];
  }
  const json = /^json (\.[\w.]+)$/.exec(expression);
  if (json !== null) return JSON.stringify(evaluate(json[1] ?? '', value));
  if (!/^(\.\w+)+$/.test(expression))
    throw new Error(`this podman does not know the template {{${expression}}}`);
  return expression
    .slice(1)
    .split('.')
    .reduce<unknown>((inner, member) => {
      if (typeof inner !== 'object' || inner === null || !(member in inner))
        throw new Error(`this podman has no ${expression}`);
      return Reflect.get(inner, member);
    }, value);
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? String(value[0]) : `[${value.join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${name}:${String(member)}`);
  return `map[${members.join(' ')}]`;
}
