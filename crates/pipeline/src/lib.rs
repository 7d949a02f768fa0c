//! Components, sockets, the graph, its engine and its files.
