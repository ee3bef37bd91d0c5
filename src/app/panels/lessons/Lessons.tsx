import { lazy, Suspense } from 'react';

const LessonPane = lazy(() => import('./LessonPane.tsx').then(({ LessonPane }) => ({ default: LessonPane })));

/** The lessons, fetched when they are opened. */
export function Lessons() {
  return (
    <Suspense fallback={<p role="status">The lessons are being fetched…</p>}>
      <LessonPane />
    </Suspense>
  );
}
