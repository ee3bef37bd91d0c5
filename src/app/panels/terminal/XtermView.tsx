import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import { typeSerial } from '../../store/commands.ts';
import { goToOutput } from '../../store/history.ts';
import { type SerialState, useSerial } from '../../store/serial.ts';
import { pageColor } from '../../styles/pageColor.ts';
import { originLinks } from './originLinks.ts';
import styles from './XtermView.module.css';

/** ESC c, RIS. */
const fullReset = '\x1bc';

/** xterm wants colours, not variables. */
function pageTheme(): ITheme {
  return {
    background: pageColor('--panel'),
    foreground: pageColor('--text'),
    cursor: pageColor('--text'),
    cursorAccent: pageColor('--panel'),
    selectionBackground: `${pageColor('--accent')}55`,
  };
}

/** After Esc, Tab goes to the next control instead of the guest; Shift+Tab always goes back (WCAG 2.1.2). */
function letFocusLeave(terminal: Terminal): void {
  let leaving = false;
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    if (event.key === 'Tab' && (leaving || event.shiftKey)) return false;
    leaving = event.key === 'Escape';
    return true;
  });
}

/** Writes what the store holds and then what joins it. Returns how to stop. */
function followSerial(terminal: Terminal): () => void {
  let drawn = 0;
  let generation = -1;
  const draw = (serial: SerialState) => {
    if (serial.generation !== generation) {
      // In the stream, not by reset(): bytes written before are drawn later than that call would be.
      terminal.write(fullReset);
      generation = serial.generation;
      drawn = serial.dropped;
    }
    let at = serial.dropped;
    for (const chunk of serial.chunks) {
      if (at >= drawn) terminal.write(chunk);
      at += chunk.length;
    }
    drawn = Math.max(drawn, at);
  };
  draw(useSerial.getState());
  return useSerial.subscribe(draw);
}

export function XtermView() {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const terminal = new Terminal({
      convertEol: true,
      cursorBlink: false,
      fontFamily: '"JetBrains Mono Variable", "JetBrains Mono", monospace',
      fontSize: 12.5,
      lineHeight: 1.35,
      scrollback: 10_000,
      theme: pageTheme(),
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(host.current);
    terminal.textarea?.setAttribute('aria-label', 'Type to the serial line');
    letFocusLeave(terminal);
    terminal.registerLinkProvider(originLinks(terminal, goToOutput));
    const encoder = new TextEncoder();
    terminal.onData((text) => typeSerial(encoder.encode(text)));
    const unfollow = followSerial(terminal);
    const sizes = new ResizeObserver(() => fit.fit());
    sizes.observe(host.current);
    const themes = new MutationObserver(() => {
      terminal.options.theme = pageTheme();
    });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      themes.disconnect();
      sizes.disconnect();
      unfollow();
      terminal.dispose();
    };
  }, []);
  return <div ref={host} className={styles.host} data-types-text />;
}
