#include "daemon/app/daemon.h"

int main(int argc, char** argv) { return webcare::RunDaemon(argc, argv); }
