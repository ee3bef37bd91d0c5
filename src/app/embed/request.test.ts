import { expect, test, vi } from 'vitest';

vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) });
vi.stubGlobal('location', { search: '' });
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
const { embedRequest } = await import('./request.ts');

test('a page is embedded when its address says so, with the panels that there are', () => {
  expect(embedRequest('')).toBeNull();
  expect(embedRequest('?panels=editor')).toBeNull();
  expect(embedRequest('?embed&panels=msrs,editor,msrs,<b>,toString')?.panels).toEqual(['msrs', 'editor']);
  expect(embedRequest('?embed')?.panels.length).toBeGreaterThan(2);
  expect(embedRequest('?embed&panels=nothing')?.panels).toEqual(embedRequest('?embed')?.panels);
});
