// A stock vCenter simulator: govmomi's own, with the flags of its vcsim command that a drill needs.
//
// The upstream command is a module of its own without released versions, so this file stands in for it. It changes
// nothing in the simulator. The same file builds against 0.24 of Debian's package, in GOPATH mode.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/vmware/govmomi/simulator"

	_ "github.com/vmware/govmomi/lookup/simulator"
	_ "github.com/vmware/govmomi/pbm/simulator"
	_ "github.com/vmware/govmomi/sts/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

type options struct {
	listen, username, password, certificate, key, load string
	tls, exitWithStdin                                 bool
}

func main() {
	model, chosen := simulator.VPX(), options{}
	declare(model, &chosen)
	flag.Parse()
	// A parent that was killed reads our output no more: a line written to it must not end us before our files are removed.
	signal.Ignore(syscall.SIGPIPE)
	if err := serve(model, chosen); err != nil {
		log.Fatal(err)
	}
}

func declare(model *simulator.Model, chosen *options) {
	flag.IntVar(&model.Datacenter, "dc", model.Datacenter, "number of datacenters")
	flag.IntVar(&model.Cluster, "cluster", model.Cluster, "number of clusters")
	flag.IntVar(&model.ClusterHost, "host", model.ClusterHost, "number of hosts per cluster")
	flag.IntVar(&model.Host, "standalone-host", model.Host, "number of standalone hosts")
	flag.IntVar(&model.Machine, "vm", model.Machine, "number of virtual machines per resource pool")
	flag.IntVar(&model.Datastore, "ds", model.Datastore, "number of local datastores")
	flag.BoolVar(&model.Autostart, "autostart", model.Autostart, "power on the model's virtual machines")
	flag.StringVar(&chosen.load, "load", "", "folder that govc object.save has written, served instead of a model")
	flag.StringVar(&chosen.listen, "l", "127.0.0.1:8989", "listen address")
	flag.StringVar(&chosen.username, "username", "", "login that is accepted (any when empty)")
	flag.StringVar(&chosen.password, "password", "", "password that is accepted (any when empty)")
	flag.StringVar(&chosen.certificate, "tlscert", "", "path of a TLS certificate")
	flag.StringVar(&chosen.key, "tlskey", "", "path of its key")
	flag.BoolVar(&chosen.tls, "tls", true, "serve TLS")
	flag.BoolVar(&chosen.exitWithStdin, "stdinexit", false, "exit when standard input is closed")
}

func serve(model *simulator.Model, chosen options) error {
	if err := fill(model, chosen.load); err != nil {
		return err
	}
	defer model.Remove()

	model.Service.RegisterEndpoints = true
	model.Service.Listen = &url.URL{Host: chosen.listen}
	if chosen.username != "" || chosen.password != "" {
		model.Service.Listen.User = url.UserPassword(chosen.username, chosen.password)
	}
	if chosen.tls {
		config, err := transportSecurity(chosen)
		if err != nil {
			return err
		}
		model.Service.TLS = config
	}
	server := model.Service.NewServer()
	fmt.Printf("export GOVC_URL=%s GOVC_SIM_PID=%d\n", server.URL, os.Getpid())
	wait(chosen.exitWithStdin)
	return nil
}

func fill(model *simulator.Model, folder string) error {
	if folder == "" {
		return model.Create()
	}
	return model.Load(folder)
}

func transportSecurity(chosen options) (*tls.Config, error) {
	if chosen.certificate == "" {
		return new(tls.Config), nil
	}
	pair, err := tls.LoadX509KeyPair(chosen.certificate, chosen.key)
	return &tls.Config{Certificates: []tls.Certificate{pair}}, err
}

func wait(stdin bool) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	if stdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop <- syscall.SIGTERM
		}()
	}
	<-stop
}
