/* Wine 8 removes the older version in an upgrade without saying so: Windows sets UPGRADINGPRODUCTCODE. This stands in the
 * place of Wine's msiexec.exe, which is msiexec-wine.exe then, and says it. */
#include <windows.h>
#include <wchar.h>

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR rest, int show)
{
    static WCHAR command[32768];
    STARTUPINFOW startup = {sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 1;
    BOOL upgrades = wcsstr(rest, L"/i {") && wcsstr(rest, L"REMOVE=");

    _snwprintf(command, 32767, L"C:\\windows\\system32\\msiexec-wine.exe %ls%ls", rest,
               upgrades ? L" UPGRADINGPRODUCTCODE={6B0F4A3C-0000-4000-8000-000000000000}" : L"");
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return 1;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}
