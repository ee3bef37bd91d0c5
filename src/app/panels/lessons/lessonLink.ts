import { fail, machine, report } from '../../store/commands.ts';

/** Puts a link to a lesson file on the clipboard: the whole file is in the link. */
export async function copyLessonLink(text: string): Promise<void> {
  try {
    const packed = await machine().packText(text);
    if (typeof packed !== 'string') return report(packed);
    const url = new URL(location.href);
    url.search = '';
    url.hash = `lesson=${packed}`;
    await navigator.clipboard.writeText(url.href);
    report({ title: 'Link copied', detail: `It holds the whole lesson: ${url.href.length} characters.` });
  } catch (error) {
    fail(error);
  }
}
