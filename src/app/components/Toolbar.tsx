import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef } from 'react';

interface ToolbarProps {
  readonly 'aria-label': string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

const FOCUSABLE = 'button:enabled, a[href], input:enabled, select:enabled, [tabindex]:not([tabindex="-1"])';

const partsOf = (toolbar: HTMLElement): HTMLElement[] => [...toolbar.querySelectorAll<HTMLElement>(FOCUSABLE)];

/**
 * A row of buttons that is one stop of the Tab key: left and right go along it, and coming back finds the place left
 * (WAI-ARIA Authoring Practices, toolbar).
 */
export function Toolbar({ children, ...props }: ToolbarProps) {
  const left = useRef<HTMLElement | null>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { currentTarget: toolbar, key } = event;
    const present = document.activeElement;
    // What a part has opened elsewhere on the page is not along the toolbar.
    if (!(present instanceof HTMLElement) || !toolbar.contains(present)) return;
    const parts = partsOf(toolbar);
    if (key === 'Tab') {
      // From the end that Tab leaves by, the browser goes on to what is behind.
      left.current = present;
      (event.shiftKey ? parts[0] : parts.at(-1))?.focus();
      return;
    }
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    parts[parts.indexOf(present) + (key === 'ArrowRight' ? 1 : -1)]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const comesFromOutside = ({ currentTarget, target, relatedTarget }: FocusEvent<HTMLElement>): boolean =>
    currentTarget.contains(target) && !currentTarget.contains(relatedTarget);
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    if (left.current === null || !comesFromOutside(event)) return;
    left.current.focus();
    left.current = null;
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (comesFromOutside(event)) left.current ??= event.target;
  };
  return (
    <div
      {...props}
      role="toolbar"
      aria-orientation="horizontal"
      onKeyDownCapture={onKeyDown}
      onFocusCapture={onFocus}
      onBlurCapture={onBlur}
    >
      {children}
    </div>
  );
}
