/* Loaded into the tray: writes its menus, as the system has them, to menus.new beside this file. Each begins with a line
 * "menu"; then one item a line: depth, id, kind, text. */
#include <stdio.h>
#include <windows.h>

static void write_menu(FILE *out, HMENU menu, int depth)
{
    int count = GetMenuItemCount(menu);
    for (int at = 0; at < count; at++) {
        WCHAR text[512] = L"";
        char utf8[2048];
        MENUITEMINFOW item = { sizeof item };
        item.fMask = MIIM_FTYPE | MIIM_STATE | MIIM_ID | MIIM_SUBMENU | MIIM_STRING;
        item.dwTypeData = text;
        item.cch = 512;
        GetMenuItemInfoW(menu, at, TRUE, &item);
        WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
        const char *kind = item.fType & MFT_SEPARATOR ? "separator" : item.hSubMenu ? "submenu"
            : item.fState & MFS_DISABLED ? "information" : "action";
        fprintf(out, "%d\t%u\t%s\t%s\n", depth, item.wID, kind, utf8);
        if (item.hSubMenu) write_menu(out, item.hSubMenu, depth + 1);
    }
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    char path[MAX_PATH], other[MAX_PATH];
    GetModuleFileNameA(self, path, MAX_PATH);
    *strrchr(path, '\\') = 0;
    snprintf(other, MAX_PATH, "%s\\menus.new", path);
    FILE *out = fopen(other, "wb");
    /* Handles are even numbers; the upper half, a generation, may be left out. */
    for (ULONG_PTR number = 0x20; number < 0xffff; number += 2)
        if (IsMenu((HMENU)number)) {
            fprintf(out, "menu\n");
            write_menu(out, (HMENU)number, 0);
        }
    fclose(out);
    /* Unloaded at once, so that the next look loads it again. */
    return FALSE;
}
