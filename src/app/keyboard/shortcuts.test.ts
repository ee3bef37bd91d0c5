import { expect, test, vi } from 'vitest';

vi.stubGlobal('navigator', { platform: 'Linux' });
vi.stubGlobal('HTMLElement', class {});
const { shortcutFor } = await import('./shortcuts.ts');

function key(code: string, modifiers: Partial<KeyboardEvent> = {}): KeyboardEvent {
  const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  return { code, target: null, ...none, ...modifiers } as KeyboardEvent;
}

test('letters act alone and can be switched off', () => {
  expect(shortcutFor(key('KeyM'), true)?.id).toBe('micro-step');
  expect(shortcutFor(key('KeyM'), false)).toBeUndefined();
  expect(shortcutFor(key('KeyR', { ctrlKey: true }), true)).toBeUndefined();
});

test('function keys need exactly their modifiers', () => {
  expect(shortcutFor(key('F11', { altKey: true }), false)?.id).toBe('step');
  expect(shortcutFor(key('F10', { altKey: true }), false)?.id).toBe('over');
  expect(shortcutFor(key('F11'), true)).toBeUndefined();
  expect(shortcutFor(key('F5'), true)?.id).toBe('run');
  expect(shortcutFor(key('F5', { ctrlKey: true }), true)).toBeUndefined();
});
