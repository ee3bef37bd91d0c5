/** Attributes of a component: plain texts, each one known and checked. */
import { COMPONENTS, type ComponentName } from './components.ts';
import type { Node, Problems } from './nodes.ts';

export type Values = Readonly<Record<string, string>>;

/** Values by name; null when something is wrong with them, which has been told then. */
export function attributesOf(node: Node, name: ComponentName, problems: Problems): Values | null {
  const known = COMPONENTS[name];
  const names = Object.keys(known);
  const values: Record<string, string> = {};
  const before = problems.list.length;
  for (const attribute of node.attributes ?? []) {
    if (attribute.type !== 'mdxJsxAttribute' || attribute.name === undefined) {
      problems.at(attribute, 'Attributes in braces are not read', 'Write name="value".');
      continue;
    }
    const description = known[attribute.name];
    if (description === undefined || !Object.hasOwn(known, attribute.name)) {
      const has = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`;
      problems.at(attribute, `<${name}> has no attribute ${attribute.name}`, has);
      continue;
    }
    const { value } = attribute;
    if (typeof value !== 'string') {
      problems.at(attribute, `${attribute.name} needs a text in quotes`, `Write ${description.example}.`);
      continue;
    }
    if (Object.hasOwn(values, attribute.name)) problems.at(attribute, `${attribute.name} stands here twice`);
    values[attribute.name] = value;
    if (description.check !== undefined) problems.within(attribute, value, description.check);
  }
  for (const [wanted, { required, example }] of Object.entries(known)) {
    if (required && !Object.hasOwn(values, wanted) && problems.list.length === before) {
      problems.at(node, `<${name}> needs the attribute ${wanted}`, `Write ${example}.`);
    }
  }
  return problems.list.length === before ? values : null;
}
