import { useLayoutEffect, useState } from 'react';
import { useMachine } from '../../../store/machine.ts';
import { currentWiring } from '../../../store/wiring.ts';
import { type DrawnWire, measureWires } from './measure.ts';
import { useFollowLit } from './useFollowLit.ts';
import styles from './Wires.module.css';

/** Calls `update` once a frame at most while something moves: panels scroll, change size, come and go. */
function watchLayout(update: () => void): () => void {
  let frame = 0;
  const soon = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(update);
  };
  const sizes = new ResizeObserver(soon);
  const changes = new MutationObserver(() => {
    observeSizes();
    soon();
  });
  const observeSizes = () => {
    sizes.disconnect();
    for (const element of document.querySelectorAll('main, main section[aria-label], [data-lit]')) {
      sizes.observe(element);
    }
  };
  observeSizes();
  const page = document.querySelector('main');
  if (page !== null) changes.observe(page, { childList: true, subtree: true });
  document.addEventListener('scroll', soon, { capture: true, passive: true });
  return () => {
    cancelAnimationFrame(frame);
    sizes.disconnect();
    changes.disconnect();
    document.removeEventListener('scroll', soon, { capture: true });
  };
}

/**
 * Lines over the page from what the micro-step at large reads to what it writes, where the panels show both. They say
 * nothing that the drawing of the step does not.
 */
export function Wires() {
  const wiring = useFollowLit();
  const instructions = useMachine(({ view }) => view?.instructions ?? 0);
  const [drawn, setDrawn] = useState<readonly DrawnWire[]>([]);
  useLayoutEffect(() => {
    if (wiring.wires.length === 0) {
      setDrawn([]);
      return;
    }
    const update = () => setDrawn(measureWires(currentWiring(useMachine.getState()).wires));
    update();
    return watchLayout(update);
  }, [wiring]);
  if (drawn.length === 0) return null;
  return (
    <svg className={styles.wires} aria-hidden role="presentation">
      {drawn.map(({ key, path, start, end, turn }) => (
        <g key={`${instructions} ${key}`} data-wire={key}>
          <path className={styles.halo} d={path} />
          <path className={styles.line} d={path} pathLength={1} />
          <circle className={styles.start} cx={start.x} cy={start.y} r={3} />
          <path
            className={styles.tip}
            d="M-8 -4.5L0 0L-8 4.5z"
            transform={`translate(${end.x} ${end.y}) rotate(${turn})`}
          />
        </g>
      ))}
    </svg>
  );
}
