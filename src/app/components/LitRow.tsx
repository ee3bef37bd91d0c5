import type { ReactNode } from 'react';
import { useLit } from './useLit.ts';

interface LitRowProps {
  /** Its name among the parts that micro-steps light. */
  readonly part: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly title?: string | undefined;
}

/** A table's row that is lit while a micro-step is about it. */
export function LitRow({ part, children, className, title }: LitRowProps) {
  const lit = useLit(part);
  return (
    <tr className={className} title={title} {...lit}>
      {children}
    </tr>
  );
}
