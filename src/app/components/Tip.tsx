import type { ReactElement, ReactNode } from 'react';
import { OverlayArrow, Tooltip, TooltipTrigger } from 'react-aria-components';
import styles from './Tip.module.css';

interface TipProps {
  /** A focusable react-aria component. */
  readonly children: ReactElement;
  readonly tip: ReactNode;
}

/** A tooltip on hover and on keyboard focus. */
export function Tip({ children, tip }: TipProps) {
  return (
    <TooltipTrigger delay={350} closeDelay={80}>
      {children}
      <Tooltip className={styles.tip ?? ''} offset={7}>
        <OverlayArrow className={styles.arrow ?? ''} />
        {tip}
      </Tooltip>
    </TooltipTrigger>
  );
}
