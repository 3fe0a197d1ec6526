import { Button, type ButtonProps } from '../ui/button.js';
import { Icon, type IconName } from './icons.js';

interface ToolButtonProps extends Omit<ButtonProps, 'kind' | 'small' | 'children' | 'label'> {
  icon: IconName;
  filled?: boolean;
  label: string;
  /** On hover, with the key that does the same. */
  title: string;
}

/** A sign at the head of a pane. */
export function ToolButton({ icon, filled = false, label, ...rest }: ToolButtonProps) {
  return (
    <Button kind="quiet" small aria-label={label} {...rest}>
      <Icon name={icon} filled={filled} />
    </Button>
  );
}
