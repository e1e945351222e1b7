import { settingsAddress } from "../address";

export function accountPage(): string {
  return settingsAddress("account", undefined);
}
