import type { ComponentPropsWithRef } from 'react';

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'onClick' | 'disabled'> {
  /** By pointer, key or assistive technology. Hears which element it was. */
  readonly onPress?: ((button: HTMLButtonElement) => void) | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** The browser's own button, which is what most of the page consists of. */
export function Button({ onPress, isDisabled = false, type = 'button', ...props }: ButtonProps) {
  return (
    <button
      {...props}
      type={type}
      disabled={isDisabled}
      {...(onPress && { onClick: ({ currentTarget }) => onPress(currentTarget) })}
    />
  );
}
