"""Where it runs: everything that touches Excel, files, the shell and the network."""
