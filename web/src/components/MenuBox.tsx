/** The menu itself; Menu.tsx loads it. */
import { Menu } from "@base-ui/react/menu";
import { useRef } from "react";
import type { OpenMenu } from "./Menu";
import styles from "./MenuBox.module.css";

export default function MenuBox({ menu, onClose }: { menu: OpenMenu; onClose: () => void }) {
  const anchor = useRef(menu.anchor);
  return (
    <Menu.Root open onOpenChange={(open) => open || onClose()}>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} anchor={anchor} align="end" sideOffset={4}>
          <Menu.Popup className={styles.popup} aria-label={menu.label} finalFocus={anchor}>
            {menu.items.map((item) => (
              <Menu.Item
                key={item.label}
                className={item.isDanger ? `${styles.item} ${styles.danger}` : styles.item}
                onClick={item.onSelect}
              >
                {item.label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
