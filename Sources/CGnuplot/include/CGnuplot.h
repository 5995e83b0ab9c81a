#ifdef __cplusplus
extern "C"
#endif
int gnuplot_bridge_stub(void);
