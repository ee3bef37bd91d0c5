/** Markdown to the texts of a lesson: a short list of what is allowed, and everything else refused with its place. */
import type { Inline, Text } from '../lesson.ts';
import { childrenOf, isJsx, type Node, type Problems, textOf } from './nodes.ts';

const NOT_CODE = 'A lesson is text and components; nothing in it is evaluated.';

/** Says why a node cannot stand in a text. */
export function refuse(node: Node, problems: Problems): void {
  switch (node.type) {
    case 'mdxFlowExpression':
    case 'mdxTextExpression':
      if (/^\s*\/\*[\s\S]*\*\/\s*$/.test(textOf(node))) return;
      return problems.at(node, 'Expressions in braces are not read', `${NOT_CODE} Write \\{ for a brace.`);
    case 'mdxjsEsm':
      return problems.at(node, 'import and export are not read', NOT_CODE);
    case 'html':
      return problems.at(node, 'HTML is not read', NOT_CODE);
    case 'image':
    case 'imageReference':
      return problems.at(node, 'Pictures cannot be shown in a lesson', 'Use <Show panel="..." /> to bring up a panel.');
    case 'mdxJsxFlowElement':
    case 'mdxJsxTextElement':
      return problems.at(node, `<${node.name ?? ''}> cannot stand inside a text`, 'Put it on lines of its own.');
    case 'thematicBreak':
      return problems.at(node, 'A rule across the page has no meaning here', 'Begin a new section with ##.');
    default:
      return problems.at(node, `${node.type} cannot stand here`);
  }
}

/** Only the web: never javascript:, data: or files. */
const SAFE_LINK = /^https?:\/\/[^\s]+$/;

export function inlines(nodes: readonly Node[], problems: Problems): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    switch (node.type) {
      case 'text':
        return [{ kind: 'text', text: textOf(node).replace(/\s*\n\s*/g, ' ') }];
      case 'inlineCode':
        return [{ kind: 'code', text: textOf(node) }];
      case 'strong':
      case 'emphasis':
        return [{ kind: node.type, parts: inlines(childrenOf(node), problems) }];
      case 'break':
        return [{ kind: 'break' }];
      case 'link': {
        const address = node.url ?? '';
        if (!SAFE_LINK.test(address)) problems.at(node, 'A link must begin with https:// or http://');
        return [{ kind: 'link', address, parts: inlines(childrenOf(node), problems) }];
      }
      default:
        refuse(node, problems);
        return [];
    }
  });
}

/** Lists in quotes in lists are read this deep. */
const DEEPEST = 6;

export function texts(nodes: readonly Node[], problems: Problems, depth = 0): Text[] {
  return nodes.flatMap((node): Text[] => {
    if (depth > DEEPEST) {
      problems.at(node, 'Lists and quotes are nested too deeply');
      return [];
    }
    switch (node.type) {
      case 'paragraph':
        return [{ kind: 'paragraph', parts: inlines(childrenOf(node), problems) }];
      case 'heading':
        if ((node.depth ?? 0) < 3) problems.at(node, 'A section cannot begin here', 'Use ### for a heading inside.');
        return [{ kind: 'heading', parts: inlines(childrenOf(node), problems) }];
      case 'code':
        return [{ kind: 'code', language: node.lang ?? '', text: textOf(node) }];
      case 'blockquote':
        return [{ kind: 'quote', texts: texts(childrenOf(node), problems, depth + 1) }];
      case 'list':
        return [
          {
            kind: 'list',
            ordered: node.ordered === true,
            items: childrenOf(node).map((item) => texts(childrenOf(item), problems, depth + 1)),
          },
        ];
      // Text between a component's tags on one line.
      case 'text':
      case 'inlineCode':
      case 'strong':
      case 'emphasis':
      case 'link':
        return textOf(node).trim() === '' && node.type === 'text'
          ? []
          : [{ kind: 'paragraph', parts: inlines([node], problems) }];
      default:
        refuse(node, problems);
        return [];
    }
  });
}

/** The children of a component: text on the tag's line is one paragraph, blocks are what they are. */
export function content(nodes: readonly Node[], problems: Problems): Text[] {
  const INLINE = new Set(['text', 'inlineCode', 'strong', 'emphasis', 'link', 'break', 'mdxTextExpression']);
  if (nodes.length > 0 && nodes.every((node) => INLINE.has(node.type) || (isJsx(node) && node.type.includes('Text')))) {
    const parts = inlines(nodes, problems);
    return parts.length === 0 ? [] : [{ kind: 'paragraph', parts }];
  }
  return texts(nodes, problems);
}
